package dev.parlo.server.listening;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.audio.AudioSource;
import dev.parlo.engine.audio.StreamedPcm;
import dev.parlo.engine.vad.TurnDetector;
import dev.parlo.engine.vad.TurnDetector.Event;
import dev.parlo.engine.vad.VoiceActivityDetector;
import dev.parlo.server.http.ApiError;
import dev.parlo.server.http.MemoryBudget;
import dev.parlo.server.vad.DetectorLoans;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One stream of audio: finds its turns while it comes and has them transcribed. Audio is given, and
 * turns are ended, by one thread at a time; a thread of the stream's own waits for transcripts.
 */
public final class TurnRecognizer implements AutoCloseable {
    private static final int SAMPLES_PER_MS = AudioSource.SAMPLE_RATE / 1000;

    /** Audio is heard in steps, so that a second that comes at once is not one step. */
    private static final int STEP = 8000;

    /** The voice that begins a turn was heard so long ago at most when it is told. */
    private static final long LOOKBACK = 4L * VoiceActivityDetector.WINDOW;

    private final DetectorThreads threads;
    private final TurnListener listener;
    private final DetectorLoans.Loan loan;
    private final TurnDetector detector;
    private final SampleStore store;
    private final MemoryBudget.Share memory;
    private final TurnTranscripts transcripts;
    private TurnSettings settings;
    private @Nullable Turn open;
    private long turns;

    /** Where the audio begins that was neither committed nor cleared. */
    private long uncommitted;

    private long position;
    private boolean closed;

    /**
     * @param loan of a detector, closed with this
     * @param memory for all audio that is held
     * @param nanoTime as {@link System#nanoTime}: hypotheses wait longer where they take long
     */
    TurnRecognizer(
            DetectorLoans.Loan loan,
            DetectorThreads threads,
            Transcriber transcriber,
            TurnSettings settings,
            TurnListener listener,
            MemoryBudget.Share memory,
            Cancellation cancellation,
            LongSupplier nanoTime) {
        this.loan = loan;
        this.detector = new TurnDetector(loan.detector());
        this.threads = threads;
        this.listener = listener;
        this.memory = memory;
        this.store = new SampleStore(memory);
        this.settings = settings;
        this.transcripts =
                new TurnTranscripts(transcriber, listener, memory, cancellation, nanoTime);
        configure(settings);
    }

    /** From now on; the turn that is open is heard to its end as it began. */
    public void configure(TurnSettings changed) {
        boolean detected = settings.detection() != null;
        settings = changed;
        TurnSettings.Detection detection = changed.detection();
        if (detection != null) {
            detector.configure(detection.threshold(), detection.silenceMs());
            if (!detected) {
                detector.restart(position);
            }
        } else if (open != null) {
            // Its end is now the client's to tell; nothing of it is lost.
            transcripts.forget(open);
            open = null;
        }
    }

    /**
     * Hears the next audio; turns that begin and end in it are told before this returns.
     *
     * @param samples mono at 16 kHz, in [-1, 1]
     * @throws ApiError 413 where a turn that is not detected becomes too long, 503 where all
     *     clients together hold too much memory
     */
    public void hear(float[] samples) {
        // Before any of it is kept: what is refused may be sent again, after a commit.
        if (settings.detection() == null
                && store.end() + samples.length - store.base() > longest()) {
            throw ApiError.of(
                    413,
                    String.format(
                            Locale.ROOT,
                            "The audio buffer holds %d seconds, and no more fits. Commit or clear"
                                    + " it.",
                            settings.longest().toSeconds()),
                    "input_audio_buffer_full");
        }
        for (int from = 0; from < samples.length && !closed; from += STEP) {
            step(samples, from, Math.min(STEP, samples.length - from));
        }
    }

    /** The same of audio that is written otherwise. */
    public void hear(StreamedPcm format, byte[] bytes) {
        // native code, as the detector is
        hear(threads.call(() -> format.decode(bytes)));
    }

    private void step(float[] samples, int from, int count) {
        TurnSettings.Detection detection = settings.detection();
        transcripts.locked(() -> store.append(samples, from, count));
        position = store.end();
        if (detection == null) {
            return;
        }
        float[] part = new float[count];
        System.arraycopy(samples, from, part, 0, count);
        for (Event event : threads.call(loan.steps(), () -> detector.accept(part, count))) {
            take(event, detection);
        }
        reconsider();
        if (open != null && position - open.start() >= longest()) {
            // The one who speaks goes on: so does the detector, in the next turn.
            end(position);
            begin(position);
        }
        Turn turn = open;
        if (turn != null) {
            transcripts.grown(turn, store);
        } else {
            long padding = (long) detection.prefixPaddingMs() * SAMPLES_PER_MS;
            transcripts.locked(() -> store.dropBefore(position - padding - LOOKBACK));
        }
    }

    /** Ends the turn that is open where what was said in it is whole. */
    public void reconsider() {
        TurnSettings.Detection detection = settings.detection();
        if (open != null && detection != null && saidAll(open, detection)) {
            detector.restart(position);
            end(position);
        }
    }

    private boolean saidAll(Turn turn, TurnSettings.Detection detection) {
        return detection.sentenceMs() >= 0
                && transcripts.isSentence(
                        turn, position - (long) detection.sentenceMs() * SAMPLES_PER_MS);
    }

    private long longest() {
        return settings.longest().toMillis() * SAMPLES_PER_MS;
    }

    private void take(Event event, TurnSettings.Detection detection) {
        switch (event) {
            case Event.Started(long sample) -> {
                long padding = (long) detection.prefixPaddingMs() * SAMPLES_PER_MS;
                begin(Math.max(sample - padding, Math.max(uncommitted, store.base())));
            }
            case Event.Paused(long sample) -> transcripts.paused(open, sample, store);
            case Event.Resumed resumed -> transcripts.resumed(open);
            case Event.Stopped(long sample) -> end(sample);
        }
    }

    private void begin(long start) {
        Turn turn = new Turn(++turns, start, settings);
        open = turn;
        listener.started(turn);
    }

    private void end(long sample) {
        Turn turn = open;
        if (turn == null) {
            return;
        }
        open = null;
        close(turn, sample);
        announce(turn, listener::stopped);
    }

    private void announce(Turn turn, Consumer<Turn> announced) {
        try {
            announced.accept(turn);
        } catch (RuntimeException | Error failure) {
            transcripts.drop(turn); // nobody waits for it
            throw failure;
        }
        transcripts.closed(turn);
    }

    private void close(Turn turn, long end) {
        transcripts.locked(() -> {
            short[] audio = store.copy(turn.start(), end);
            memory.take((long) audio.length * Short.BYTES);
            turn.audio = audio;
            turn.end(end);
            store.dropBefore(end);
        });
        uncommitted = end;
    }

    /** Milliseconds of audio since the last turn that ended, or was cleared. */
    public long uncommittedMs() {
        return (position - uncommitted) / SAMPLES_PER_MS;
    }

    /** Milliseconds of audio that were heard. */
    public long positionMs() {
        return position / SAMPLES_PER_MS;
    }

    /**
     * Ends the turn here, whether or not somebody was heard in it. {@link TurnListener#stopped} is
     * not told.
     *
     * @param announced is told of the turn before its transcript can come
     */
    public void commit(Consumer<Turn> announced) {
        Turn turn =
                open != null
                        ? open
                        : new Turn(++turns, Math.max(uncommitted, store.base()), settings);
        open = null;
        turn.committed();
        close(turn, position);
        detector.restart(position);
        announce(turn, announced);
    }

    /** Forgets the audio that was not committed. */
    public void clear() {
        if (open != null) {
            transcripts.forget(open);
            open = null;
        }
        transcripts.locked(() -> store.dropBefore(position));
        uncommitted = position;
        detector.restart(position);
    }

    /** The stream is over: ends the turn that is open and waits for all transcripts. */
    public void finish() {
        if (open != null) {
            end(position);
        }
        transcripts.finish();
    }

    /** Whether transcripts are still to come. */
    boolean isPending() {
        return transcripts.isPending();
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            transcripts.close();
            detector.close();
            loan.close();
            memory.close();
        }
    }
}
