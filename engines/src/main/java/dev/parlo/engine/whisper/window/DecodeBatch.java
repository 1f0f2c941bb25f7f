package dev.parlo.engine.whisper.window;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineObserver;
import dev.parlo.engine.whisper.decode.StepResult;
import dev.parlo.engine.whisper.decode.WindowDecoder;
import dev.parlo.engine.whisper.decode.WindowDecoder.RowCopy;
import dev.parlo.engine.whisper.network.DecoderStep;
import dev.parlo.engine.whisper.network.WindowStep;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The windows that an arena decodes now. Each turn is one step over the rows of all of them;
 * windows join and leave between two turns. Used by the one thread that owns the step.
 */
final class DecodeBatch {
    /** Tokens of a prompt that are fed in one turn while others wait for theirs. */
    private static final int PROMPT_PART = 32;

    /** Start, language, task and whether there are timestamps, and a few tokens more. */
    private static final int SHORT_PROMPT = 8;

    private final DecoderStep step;
    private final EngineObserver observer;
    private final List<Member> members = new ArrayList<>();

    /** Told once, when a window's decoder is done or has failed. */
    interface Completion {
        /**
         * @param failure null when the decoder is done
         */
        void complete(@Nullable Throwable failure);
    }

    private record Member(
            int slot,
            boolean urgent,
            SplitPrefill decoder,
            Cancellation cancellation,
            Completion completion) {}

    DecodeBatch(DecoderStep step, EngineObserver observer) {
        this.step = step;
        this.observer = observer;
    }

    /**
     * Decodes a window from the next turn on.
     *
     * @param urgent whether it also takes part in turns of urgent windows only
     * @param cancellation of this window; the others go on
     */
    void join(
            int slot,
            boolean urgent,
            WindowDecoder decoder,
            Cancellation cancellation,
            Completion completion) {
        SplitPrefill split =
                new SplitPrefill(
                        decoder, () -> members.size() > 1 ? PROMPT_PART : Integer.MAX_VALUE);
        members.add(new Member(slot, urgent, split, cancellation, completion));
    }

    boolean isEmpty() {
        return members.isEmpty();
    }

    boolean hasUrgent() {
        return size(true) > 0;
    }

    /** Windows under way, or only the urgent ones. */
    int size(boolean onlyUrgent) {
        return (int) members.stream().filter(member -> member.urgent() || !onlyUrgent).count();
    }

    /** Ends the work on windows that nobody wants any more. */
    void dropCancelled() {
        members.removeIf(DecodeBatch::isCancelled);
    }

    /**
     * One turn. What fails in it fails the windows that it belongs to, and is not thrown.
     *
     * @param onlyUrgent whether the others sit it out
     */
    void turn(boolean onlyUrgent) {
        dropCancelled();
        List<Member> asked = new ArrayList<>();
        List<WindowStep> wanted = new ArrayList<>();
        for (Member member : takingPart(onlyUrgent)) {
            guarded(
                    member,
                    () -> {
                        WindowDecoder decoder = member.decoder();
                        wanted.add(
                                new WindowStep(member.slot(), decoder.rows(), decoder.nextRows()));
                        asked.add(member);
                    });
        }
        if (asked.isEmpty()) {
            return;
        }
        List<List<StepResult>> results;
        try {
            long start = System.nanoTime();
            results = step.run(wanted);
            observer.step(
                    wanted.stream().mapToInt(window -> window.rows().size()).sum(),
                    Duration.ofNanos(System.nanoTime() - start));
        } catch (RuntimeException | Error e) { // nothing of this step can be used by anybody
            members.removeAll(asked);
            asked.forEach(member -> member.completion().complete(e));
            return;
        }
        for (int i = 0; i < asked.size(); i++) {
            Member member = asked.get(i);
            List<StepResult> answers = results.get(i);
            guarded(member, () -> accept(member, answers));
        }
    }

    /**
     * Short prompts take part as they are: several cost little more than a step of as many rows. Of
     * longer ones there is one a turn: it runs by itself, and the windows under way wait for one at
     * most, or for a part of it.
     */
    private List<Member> takingPart(boolean onlyUrgent) {
        List<Member> taking = new ArrayList<>();
        List<Member> longPrompts = new ArrayList<>();
        for (Member member : List.copyOf(members)) {
            if (member.urgent() || !onlyUrgent) {
                guarded(
                        member,
                        () -> {
                            boolean isLong = member.decoder().promptTokensLeft() > SHORT_PROMPT;
                            (isLong ? longPrompts : taking).add(member);
                        });
            }
        }
        longPrompts.stream()
                .filter(Member::urgent)
                .findFirst()
                .or(() -> longPrompts.stream().findFirst())
                .ifPresent(taking::add);
        return taking;
    }

    /** Ends all windows' work with a failure. */
    void fail(Throwable failure) {
        List<Member> failed = List.copyOf(members);
        members.clear();
        failed.forEach(member -> member.completion().complete(failure));
    }

    private void accept(Member member, List<StepResult> answers) {
        WindowDecoder decoder = member.decoder();
        List<RowCopy> copies = decoder.accept(answers);
        if (decoder.isDone()) {
            members.remove(member);
            member.completion().complete(null);
            return;
        }
        for (RowCopy copy : copies) {
            step.copyRow(member.slot(), decoder.rows(), copy);
        }
    }

    private void guarded(Member member, Runnable work) {
        try {
            work.run();
        } catch (RuntimeException | Error e) {
            members.remove(member);
            member.completion().complete(e);
        }
    }

    private static boolean isCancelled(Member member) {
        try {
            member.cancellation().check();
            return false;
        } catch (EngineException e) {
            member.completion().complete(e);
            return true;
        }
    }
}
