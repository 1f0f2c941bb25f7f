package dev.parlo.engine.kokoro;

import java.util.Arrays;

/**
 * Silences what Kokoro says behind the last phone of a chunk: the marks that end a sentence are
 * tokens too, and on them the model may add voiced noise. The pause that they make stays.
 */
final class KokoroTail {
    private static final String NO_PHONES = " ;:,.!?—…\"()“”";

    /** A phone rings on beyond its own frames. */
    private static final double RELEASE_SECONDS = 0.120;

    private static final double FADE_SECONDS = 0.010;

    private KokoroTail() {}

    /**
     * Fades out after the last phone, in place.
     *
     * @param durations of each token in any unit, with the pads at both ends
     * @param phonemes the tokens between the pads
     */
    static void silence(float[] samples, double[] durations, String phonemes, int sampleRate) {
        int[] tokens = phonemes.codePoints().toArray();
        int last = tokens.length - 1;
        while (last >= 0 && NO_PHONES.indexOf(tokens[last]) >= 0) {
            last--;
        }
        if (last < 0) {
            return;
        }
        double total = 0;
        double spoken = 0;
        for (int i = 0; i < durations.length; i++) {
            total += durations[i];
            if (i <= last + 1) {
                spoken += durations[i];
            }
        }
        long limit = Math.round(spoken * samples.length / total + RELEASE_SECONDS * sampleRate);
        if (limit >= samples.length) {
            return;
        }
        int end = (int) limit;
        int fade = Math.min(end, (int) Math.round(FADE_SECONDS * sampleRate));
        for (int i = 0; i < fade; i++) {
            samples[end - 1 - i] *= (float) i / fade;
        }
        Arrays.fill(samples, end, samples.length, 0);
    }
}
