package dev.parlo.engine.vad;

import dev.parlo.engine.EngineException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How probabilities become spans, with the names and the meaning of faster-whisper's {@code
 * VadOptions}.
 *
 * @param threshold a window is speech from this probability on, 0 to 1
 * @param negThreshold speech ends below this probability, 0 to 1; null means {@code threshold -
 *     0.15}, at least 0.01
 * @param minSpeechDurationMs shorter spans are dropped, at least 0
 * @param maxSpeechDurationS longer spans are cut, where they have a pause of 98 ms at the last such
 *     pause; at least 0, may be infinite
 * @param minSilenceDurationMs a shorter pause does not end a span, at least 0
 * @param speechPadMs added at both ends, shared where two spans are closer, at least 0
 */
public record VadOptions(
        double threshold,
        @Nullable Double negThreshold,
        int minSpeechDurationMs,
        double maxSpeechDurationS,
        int minSilenceDurationMs,
        int speechPadMs) {
    /** What faster-whisper's {@code vad_filter} uses. */
    public static final VadOptions FILTER =
            new VadOptions(0.5, null, 0, Double.POSITIVE_INFINITY, 2000, 400);

    /** What batched transcription uses: spans that fit into Whisper's window of 30 s. */
    public static final VadOptions BATCHED = new VadOptions(0.5, null, 0, 30, 160, 400);

    /** What {@code /v1/audio/speech/timestamps} uses. */
    public static final VadOptions TIMESTAMPS =
            new VadOptions(0.75, null, 0, Double.POSITIVE_INFINITY, 1000, 0);

    /** Longer than any audio, and far from an overflow when counted in samples. */
    public static final int LONGEST_MS = 24 * 3600 * 1000;

    /**
     * Checks the ranges.
     *
     * @throws EngineException of category BAD_REQUEST when a value is outside of its range
     */
    public VadOptions {
        within("threshold", threshold, 0, 1);
        if (negThreshold != null) {
            within("neg_threshold", negThreshold, 0, 1);
        }
        within("min_speech_duration_ms", minSpeechDurationMs, 0, LONGEST_MS);
        within("min_silence_duration_ms", minSilenceDurationMs, 0, LONGEST_MS);
        within("speech_pad_ms", speechPadMs, 0, LONGEST_MS);
        if (!(maxSpeechDurationS >= 0)) {
            throw new EngineException(
                    EngineException.Category.BAD_REQUEST,
                    String.format(
                            Locale.ROOT,
                            "max_speech_duration_s is %s; it must be at least 0 seconds.",
                            maxSpeechDurationS));
        }
    }

    /** {@return the probability below which speech ends} */
    public double endThreshold() {
        return negThreshold != null ? negThreshold : Math.max(threshold - 0.15, 0.01);
    }

    private static void within(String name, double value, double least, double most) {
        if (!(value >= least && value <= most)) {
            throw new EngineException(
                    EngineException.Category.BAD_REQUEST,
                    String.format(
                            Locale.ROOT,
                            "%s is %s; it must be a number from %s to %s.",
                            name,
                            value,
                            least,
                            most));
        }
    }
}
