package dev.parlo.engine.vad;

import dev.parlo.engine.audio.TimeMap;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Hears samples as they come and tells of stretches of speech as soon as they are known. Not
 * thread-safe.
 */
final class SpeechDetection implements AutoCloseable {
    /** Samples of one run, about 16 s; more do not make a detector faster. */
    static final int BLOCK = 512 * VoiceActivityDetector.WINDOW;

    /** What faster-whisper zeroes at the end of the last window; see {@link #finish}. */
    private static final int ZEROED = 64;

    private final SpeechTimestamps timestamps;
    private final VoiceActivityDetector.Pass pass;
    private final GapCount gaps;
    private final float[] block = new float[BLOCK];
    private int filled;
    private long length;

    /** Samples of the windows that were judged. */
    private long heard;

    /**
     * @param times of the audio, as far as it was heard: what is left out of the samples counts as
     *     silence
     */
    SpeechDetection(
            VoiceActivityDetector detector,
            VadOptions options,
            Supplier<TimeMap> times,
            Consumer<SpeechSpan> spans) {
        gaps = new GapCount(times);
        timestamps = new SpeechTimestamps(options, spans);
        pass = detector.open();
    }

    /** Hears the next samples. */
    void accept(float[] samples, int count) {
        length += count;
        for (int taken = 0; taken < count; ) {
            int part = Math.min(count - taken, block.length - filled);
            System.arraycopy(samples, taken, block, filled, part);
            taken += part;
            filled += part;
            if (filled == block.length) {
                hear(block, BLOCK / VoiceActivityDetector.WINDOW);
                filled = 0;
            }
        }
    }

    /**
     * The last windows. faster-whisper fills the last one with zeros, and adds one when nothing is
     * left to fill; it also zeroes the last 64 samples of that window, as a side effect of the way
     * it shifts its context. Stretches that end with the audio depend on it.
     */
    void finish() {
        int windows = filled / VoiceActivityDetector.WINDOW + 1;
        int end = windows * VoiceActivityDetector.WINDOW;
        float[] last = Arrays.copyOf(Arrays.copyOf(block, filled), end);
        Arrays.fill(last, end - ZEROED, end, 0);
        hear(last, windows);
        timestamps.finish(length);
    }

    private void hear(float[] samples, int windows) {
        for (float probability : pass.probabilities(samples, windows)) {
            // Speech may go on in the middle of a window.
            timestamps.skip(gaps.before(heard + VoiceActivityDetector.WINDOW));
            timestamps.accept(probability);
            heard += VoiceActivityDetector.WINDOW;
        }
    }

    /** Samples heard so far; all of them after {@link #finish}. */
    long length() {
        return length;
    }

    /** No stretch that is still to come begins before this sample. */
    long earliest() {
        return timestamps.earliest();
    }

    @Override
    public void close() {
        pass.close();
    }
}
