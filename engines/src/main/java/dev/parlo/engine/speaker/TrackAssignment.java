package dev.parlo.engine.speaker;

import java.util.Arrays;

/**
 * Which voice of the recording each of a window's three speakers is. Two of one window are two
 * people: each voice is taken once, by the matching with the largest sum of cosines.
 */
final class TrackAssignment {
    /** Nobody's: one who does not speak, or for whom no voice is left. */
    static final int NONE = -2;

    private TrackAssignment() {}

    /** The voice of each of the three. */
    static int[] of(WindowTracks window, float[][] centroids) {
        int[] voices = {NONE, NONE, NONE};
        int[] speaking = new int[WindowTracks.LOCAL];
        int count = 0;
        for (int k = 0; k < WindowTracks.LOCAL; k++) {
            if (window.active(k) > 0) {
                speaking[count++] = k;
            }
        }
        double[][] score = new double[count][centroids.length];
        double least = 2;
        for (int i = 0; i < count; i++) {
            float[] vector = window.voices()[speaking[i]];
            if (vector != null) {
                for (int c = 0; c < centroids.length; c++) {
                    score[i][c] = 1 + Vectors.cosine(vector, centroids[c]);
                    least = Math.min(least, score[i][c]);
                }
            }
        }
        for (int i = 0; i < count; i++) {
            if (window.voices()[speaking[i]] == null) {
                // Too short to be told: it gets what the others leave.
                Arrays.fill(score[i], least);
            }
        }
        int[] match = Assignment.best(score);
        for (int i = 0; i < count; i++) {
            voices[speaking[i]] = match[i] < 0 ? NONE : match[i];
        }
        return voices;
    }
}
