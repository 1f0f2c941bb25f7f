package dev.parlo.engine.vad;

import dev.parlo.engine.audio.AudioSource;
import java.util.ArrayList;
import java.util.List;

/**
 * Tells of audio that is still coming when somebody begins to speak and when a turn is over. Every
 * window of 32 ms is heard once, with what the network remembers of those before it. Not
 * thread-safe.
 */
public final class TurnDetector implements AutoCloseable {
    private static final int WINDOW = VoiceActivityDetector.WINDOW;
    private static final int SAMPLES_PER_MS = AudioSource.SAMPLE_RATE / 1000;

    /** A click is one loud window; a voice lasts longer. */
    private static final int VOICED_WINDOWS = 2;

    /** A silence of this length may be the end of the turn. */
    private static final long PAUSE = 128 * SAMPLES_PER_MS;

    private static final long NONE = -1;

    /** What happened, with its place in samples from the start of the audio. */
    public sealed interface Event {
        /**
         * Somebody began to speak.
         *
         * @param sample the first that is speech
         */
        record Started(long sample) implements Event {}

        /**
         * A silence began that may end the turn.
         *
         * @param sample the first of the silence
         */
        record Paused(long sample) implements Event {}

        /**
         * The one who paused goes on.
         *
         * @param sample the first that is speech again
         */
        record Resumed(long sample) implements Event {}

        /**
         * The silence was long enough: the turn ends with it.
         *
         * @param sample the first after the turn
         */
        record Stopped(long sample) implements Event {}
    }

    private final VoiceActivityDetector.Pass pass;
    private final float[] window = new float[WINDOW];
    private double threshold = VadOptions.FILTER.threshold();
    private double endThreshold = VadOptions.FILTER.endThreshold();
    private long silence = 500L * SAMPLES_PER_MS;

    private int filled;

    /** Samples before the window that is being filled. */
    private long position;

    private int voiced;
    private long firstVoiced = NONE;
    private boolean speaking;
    private long silenceStart = NONE;
    private boolean paused;

    /**
     * Begins at the start of some audio.
     *
     * @param detector outlives this
     */
    public TurnDetector(VoiceActivityDetector detector) {
        pass = detector.open();
    }

    /**
     * Sets what is speech and what ends a turn, from the next sample on.
     *
     * @param threshold a window is speech from this probability on, 0 to 1
     * @param silenceMs how long nobody speaks at the end of a turn, in milliseconds
     * @throws dev.parlo.engine.EngineException of category BAD_REQUEST when a value is outside of
     *     its range
     */
    public void configure(double threshold, int silenceMs) {
        VadOptions options =
                new VadOptions(threshold, null, 0, Double.POSITIVE_INFINITY, silenceMs, 0);
        this.threshold = options.threshold();
        this.endThreshold = options.endThreshold();
        this.silence = (long) SAMPLES_PER_MS * options.minSilenceDurationMs();
    }

    /**
     * No turn is open any more, and the next sample has this place.
     *
     * @param sample counted from the start of the audio
     */
    public void restart(long sample) {
        filled = 0;
        position = sample;
        endTurn();
    }

    private void endTurn() {
        speaking = false;
        voiced = 0;
        firstVoiced = NONE;
        silenceStart = NONE;
        paused = false;
    }

    /**
     * Hears the next samples, which follow those before without a gap.
     *
     * @param samples mono at 16 kHz, within [-1, 1]
     * @param count how many of them, from the first on
     * @return what happened in them, in order
     */
    public List<Event> accept(float[] samples, int count) {
        List<Event> events = new ArrayList<>();
        for (int taken = 0; taken < count; ) {
            int part = Math.min(count - taken, WINDOW - filled);
            System.arraycopy(samples, taken, window, filled, part);
            taken += part;
            filled += part;
            if (filled == WINDOW) {
                filled = 0;
                judge(pass.probabilities(window, 1)[0], events);
                position += WINDOW;
            }
        }
        return events;
    }

    private void judge(float probability, List<Event> events) {
        if (!speaking) {
            awaitVoice(probability, events);
        } else if (probability >= threshold) {
            if (paused) {
                events.add(new Event.Resumed(position));
            }
            silenceStart = NONE;
            paused = false;
        } else if (probability < endThreshold || silenceStart != NONE) {
            silent(events);
        }
    }

    private void awaitVoice(float probability, List<Event> events) {
        if (probability >= threshold) {
            firstVoiced = voiced == 0 ? position : firstVoiced;
            voiced++;
            if (voiced >= VOICED_WINDOWS) {
                speaking = true;
                events.add(new Event.Started(firstVoiced));
            }
        } else if (probability < endThreshold) {
            voiced = 0;
        }
    }

    private void silent(List<Event> events) {
        if (silenceStart == NONE) {
            silenceStart = position;
        }
        long lasted = position + WINDOW - silenceStart;
        if (!paused && lasted >= Math.min(PAUSE, silence)) {
            paused = true;
            events.add(new Event.Paused(silenceStart));
        }
        if (lasted >= silence) {
            events.add(new Event.Stopped(silenceStart + silence));
            endTurn();
        }
    }

    @Override
    public void close() {
        pass.close();
    }
}
