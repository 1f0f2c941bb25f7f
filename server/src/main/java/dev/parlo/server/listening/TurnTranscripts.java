package dev.parlo.server.listening;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.Transcript;
import dev.parlo.engine.audio.AudioSource;
import dev.parlo.engine.log.CallersLog;
import dev.parlo.server.http.MemoryBudget;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The transcripts of one stream, one run of the engine at a time: of turns that are over first,
 * then of the turn that pauses, whose transcript is so ready when the silence was long enough, then
 * of the turn that goes on. Thread-safe.
 */
final class TurnTranscripts implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TurnTranscripts.class);

    /** New audio that a hypothesis is made for, at least. */
    private static final long PACE = AudioSource.SAMPLE_RATE / 2;

    private static final String ENDS = ".?!。？！";

    private final Transcriber transcriber;
    private final TurnListener listener;
    private final MemoryBudget.Share memory;
    private final LongSupplier nanoTime;
    private final Cancellation stream = new Cancellation();
    private final Cancellation.Registration link;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<Turn> over = new ArrayDeque<>();
    private @Nullable Turn open;
    private @Nullable SampleStore store;
    private @Nullable Run running;
    private boolean started;
    private boolean finishing;
    private boolean ended;

    private enum Kind {
        /** Of a turn that goes on, which another one follows. */
        PARTIAL,
        /** Up to a pause, which may be the end. */
        EARLY,
        /** Of a turn that is over. */
        FINAL
    }

    private record Run(Turn turn, Kind kind, float[] audio, long from, Cancellation cancellation) {}

    TurnTranscripts(
            Transcriber transcriber,
            TurnListener listener,
            MemoryBudget.Share memory,
            Cancellation cancellation,
            LongSupplier nanoTime) {
        this.transcriber = transcriber;
        this.listener = listener;
        this.memory = memory;
        this.nanoTime = nanoTime;
        this.link = cancellation.onCancel(stream::cancel);
    }

    void locked(Runnable action) {
        lock.lock();
        try {
            action.run();
        } finally {
            lock.unlock();
        }
    }

    /** There is more audio of a turn that goes on. */
    void grown(Turn turn, SampleStore samples) {
        locked(() -> {
            open = turn;
            store = samples;
            if (turn.settings.partials()) {
                wake();
            }
        });
    }

    void paused(@Nullable Turn turn, long sample, SampleStore samples) {
        if (turn == null) {
            return;
        }
        locked(() -> {
            open = turn;
            store = samples;
            turn.pause = sample;
            // What is more than a hypothesis may be had now.
            cancelRunning(turn, Kind.PARTIAL);
            wake();
        });
    }

    void resumed(@Nullable Turn turn) {
        if (turn != null) {
            locked(() -> turn.pause = Turn.NONE);
        }
    }

    /** Whether the turn has paused since a place, and what was said then is a whole sentence. */
    boolean isSentence(Turn turn, long since) {
        lock.lock();
        try {
            Heard early = turn.early;
            if (early == null
                    || turn.pause == Turn.NONE
                    || turn.pause > since
                    || turn.earlyPause != turn.pause) {
                return false;
            }
            String text = early.text().stripTrailing();
            return !text.isEmpty() && ENDS.indexOf(text.charAt(text.length() - 1)) >= 0;
        } finally {
            lock.unlock();
        }
    }

    /** A turn is over, and its audio lies with it. */
    void closed(Turn turn) {
        locked(() -> {
            open = null;
            cancelRunning(turn, Kind.PARTIAL);
            Run run = running;
            if (run != null && run.turn() == turn && turn.pause == Turn.NONE) {
                run.cancellation().cancel(); // of a pause that was not the end
            }
            over.add(turn);
            wake();
        });
    }

    /** A turn is not to be heard any more. */
    void forget(Turn turn) {
        locked(() -> {
            open = null;
            Run run = running;
            if (run != null && run.turn() == turn) {
                run.cancellation().cancel();
            }
        });
    }

    private void cancelRunning(Turn turn, Kind kind) {
        Run run = running;
        if (run != null && run.turn() == turn && run.kind() == kind) {
            run.cancellation().cancel();
        }
    }

    private void wake() {
        if (!started && !ended) {
            started = true;
            Thread.ofVirtual().name("transcripts").start(CallersLog.carried(this::work));
        }
        changed.signalAll();
    }

    boolean isPending() {
        lock.lock();
        try {
            return !over.isEmpty() || running != null;
        } finally {
            lock.unlock();
        }
    }

    private void work() {
        for (Run run = next(); run != null; run = next()) {
            try {
                perform(run);
            } catch (RuntimeException | Error failure) {
                // The client is gone, or else whoever listens has failed; the next turn waits.
                LOG.debug("A transcript could not be told", failure);
            }
        }
    }

    private @Nullable Run next() {
        lock.lock();
        try {
            running = null;
            changed.signalAll();
            Run run = due();
            while (run == null) {
                if (ended || (finishing && over.isEmpty())) {
                    started = false;
                    return null;
                }
                changed.await();
                run = due();
            }
            running = run;
            return run;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            ended = true;
            return null;
        } finally {
            lock.unlock();
        }
    }

    /** Under the lock. */
    private @Nullable Run due() {
        if (ended) {
            return null;
        }
        Turn closed = over.poll();
        if (closed != null) {
            int skipped = (int) Math.min(closed.windowStart - closed.start(), closed.audio.length);
            short[] window = new short[closed.audio.length - skipped];
            System.arraycopy(closed.audio, skipped, window, 0, window.length);
            return run(closed, Kind.FINAL, SampleStore.floats(window));
        }
        Turn turn = open;
        SampleStore samples = store;
        if (turn == null || samples == null) {
            return null;
        }
        long end = samples.end();
        if (turn.pause != Turn.NONE && turn.earlyPause != turn.pause) {
            turn.earlyPause = turn.pause;
            turn.early = null;
            return run(turn, Kind.EARLY, SampleStore.floats(samples.copy(turn.windowStart, end)));
        }
        boolean more = end - turn.heardUntil >= Math.max(PACE, turn.pace);
        if (turn.settings.partials() && more && turn.pause == Turn.NONE) {
            turn.heardUntil = end;
            return run(turn, Kind.PARTIAL, SampleStore.floats(samples.copy(turn.windowStart, end)));
        }
        return null;
    }

    private Run run(Turn turn, Kind kind, float[] audio) {
        return new Run(turn, kind, audio, turn.windowStart, new Cancellation());
    }

    private void perform(Run run) {
        try (Cancellation.Registration of = stream.onCancel(run.cancellation()::cancel)) {
            if (run.kind() == Kind.FINAL) {
                complete(run);
            } else {
                suppose(run);
            }
        }
    }

    private void suppose(Run run) {
        Turn turn = run.turn();
        TurnListener.Partial partial;
        try {
            long begin = nanoTime.getAsLong();
            Heard heard = heard(run);
            // Where the engine is slow or busy, hypotheses take a third of the time at most: what
            // is over must not wait for what is only supposed.
            long took = (nanoTime.getAsLong() - begin) / 1_000_000;
            turn.pace = 2 * took * AudioSource.SAMPLE_RATE / 1000;
            partial = agreed(run, heard);
        } catch (RuntimeException | Error failure) {
            // Nobody is owed a hypothesis; what is wrong will be told of the whole turn.
            LOG.debug("A hypothesis was not made", failure);
            return;
        }
        if (partial != null) {
            listener.partial(turn, partial);
        }
        if (run.kind() == Kind.EARLY) {
            listener.understood(turn);
        }
    }

    private Heard heard(Run run) {
        Turn turn = run.turn();
        if (run.audio().length == 0) { // all of the turn was settled
            String language = turn.language == null ? "" : turn.language;
            return new Heard(List.of(), new Transcript(language, 0, 0, Map.of()));
        }
        return transcriber.hear(
                turn.settings.model(),
                run.audio(),
                TurnOptions.of(
                        turn.settings.options(),
                        turn.language,
                        turn.agreement.before(),
                        run.kind() == Kind.PARTIAL),
                run.cancellation());
    }

    /** What the run yields is taken for the turn, unless it is over by now. */
    private TurnListener.@Nullable Partial agreed(Run run, Heard heard) {
        Turn turn = run.turn();
        lock.lock();
        try {
            run.cancellation().check();
            if (run.kind() == Kind.EARLY) {
                turn.early = heard;
            }
            if (heard.transcript().languageProbability() > 0.5) {
                turn.language = heard.transcript().language();
            }
            if (turn.end() != Turn.NONE || !turn.settings.partials()) {
                return null;
            }
            String text = heard.text();
            String delta = turn.agreement.take(text);
            if (run.kind() == Kind.PARTIAL) {
                Windows.shift(turn, heard, run.from());
            }
            return new TurnListener.Partial(
                    delta, turn.agreement.told(), turn.agreement.unstable());
        } finally {
            lock.unlock();
        }
    }

    private void complete(Run run) {
        Turn turn = run.turn();
        try {
            told(run);
        } finally {
            drop(turn);
        }
    }

    /** The audio of a turn is not needed any more. */
    void drop(Turn turn) {
        locked(() -> {
            memory.giveBack((long) turn.audio.length * Short.BYTES);
            turn.audio = new short[0];
        });
    }

    private void told(Run run) {
        Turn turn = run.turn();
        TurnTranscript transcript;
        try {
            Heard early = turn.early;
            boolean known = turn.pause != Turn.NONE && turn.earlyPause == turn.pause;
            transcript =
                    Windows.whole(turn, early != null && known ? early : heard(run), run.from());
        } catch (RuntimeException | Error failure) { // as of a library, or of memory
            if (!stream.isCancelled()) {
                listener.failed(turn, failure);
            }
            return;
        }
        listener.completed(turn, transcript);
    }

    /** Waits until all transcripts were told. */
    void finish() {
        lock.lock();
        try {
            finishing = true;
            changed.signalAll();
            while (!ended && !stream.isCancelled() && (!over.isEmpty() || running != null)) {
                changed.await();
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        link.close();
        stream.cancel();
        locked(() -> {
            ended = true;
            over.clear();
            open = null;
            changed.signalAll();
        });
    }
}
