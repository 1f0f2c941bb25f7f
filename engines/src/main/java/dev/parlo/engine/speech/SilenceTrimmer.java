package dev.parlo.engine.speech;

import java.util.Arrays;

/**
 * Decides how much of the silence around a chunk stays, so that joints sound like a speaker's
 * pauses: 50 ms before the first sound, and after the last one up to 410 ms, less after a comma or
 * in fast speech. Thresholds as in Kokoro-FastAPI.
 */
public final class SilenceTrimmer {
    /** −45 dBFS. */
    private static final float THRESHOLD = 0.0056234f;

    private static final double HEAD_SECONDS = 0.050;
    private static final double TAIL_SECONDS = 0.410;
    private static final double FADE_SECONDS = 0.005;

    private SilenceTrimmer() {}

    /** The part of a chunk to keep: from {@code start}, which is included, to {@code end}. */
    public record Span(int start, int end) {
        public int length() {
            return end - start;
        }
    }

    /**
     * The span of a chunk.
     *
     * @param last the last character that was spoken, which decides the length of the pause
     */
    public static Span span(float[] samples, int sampleRate, char last, double speed) {
        int first = 0;
        while (first < samples.length && Math.abs(samples[first]) < THRESHOLD) {
            first++;
        }
        if (first == samples.length) {
            return new Span(0, 0);
        }
        int end = samples.length;
        while (Math.abs(samples[end - 1]) < THRESHOLD) {
            end--;
        }
        double weight =
                switch (last) {
                    case '!' -> 0.9;
                    case ',' -> 0.8;
                    default -> 1.0;
                };
        int head = (int) Math.round(HEAD_SECONDS * sampleRate);
        int tail = (int) Math.round((TAIL_SECONDS * weight / speed - HEAD_SECONDS) * sampleRate);
        return new Span(
                Math.max(0, first - head), Math.min(samples.length, end + Math.max(head, tail)));
    }

    /** Cuts the span out and fades its ends over 5 ms, so that joints do not click. */
    public static float[] cut(float[] samples, Span span, int sampleRate) {
        float[] kept = Arrays.copyOfRange(samples, span.start(), span.end());
        int fade = Math.min(kept.length / 2, (int) Math.round(FADE_SECONDS * sampleRate));
        for (int i = 0; i < fade; i++) {
            float gain = (float) i / fade;
            kept[i] *= gain;
            kept[kept.length - 1 - i] *= gain;
        }
        return kept;
    }
}
