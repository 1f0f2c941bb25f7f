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
            int slot, WindowDecoder decoder, Cancellation cancellation, Completion completion) {}

    DecodeBatch(DecoderStep step, EngineObserver observer) {
        this.step = step;
        this.observer = observer;
    }

    /**
     * Decodes a window from the next turn on.
     *
     * @param cancellation of this window; the others go on
     */
    void join(int slot, WindowDecoder decoder, Cancellation cancellation, Completion completion) {
        members.add(new Member(slot, decoder, cancellation, completion));
    }

    boolean isEmpty() {
        return members.isEmpty();
    }

    /** One turn. What fails in it fails the windows that it belongs to, and is not thrown. */
    void turn() {
        members.removeIf(DecodeBatch::isCancelled);
        List<Member> asked = new ArrayList<>();
        List<WindowStep> wanted = new ArrayList<>();
        for (Member member : List.copyOf(members)) {
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
