package dev.parlo.engine.vad;

/**
 * A stretch of speech.
 *
 * @param start first sample at 16 kHz, at least 0
 * @param end the sample after the last one, at least {@code start}
 */
public record SpeechSpan(long start, long end) {
    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException when it begins before the audio or ends before it begins
     */
    public SpeechSpan {
        if (start < 0 || end < start) {
            throw new IllegalArgumentException("A span from " + start + " to " + end);
        }
    }

    /** {@return how many samples it has} */
    public long length() {
        return end - start;
    }
}
