package dev.parlo.engine.whisper.words;

import java.util.Arrays;

/** A running median of seven with reflected borders. */
final class MedianFilter {
    private static final int WIDTH = 7;
    private static final int REACH = WIDTH / 2;

    private MedianFilter() {}

    /** Filters {@code values[from, from + length)} in place; too short a row is left as it is. */
    static void apply(float[] values, int from, int length) {
        if (length <= REACH) {
            return;
        }
        float[] source = Arrays.copyOfRange(values, from, from + length);
        float[] window = new float[WIDTH];
        for (int i = 0; i < length; i++) {
            for (int j = 0; j < WIDTH; j++) {
                int at = Math.abs(i + j - REACH);
                window[j] = source[at < length ? at : 2 * (length - 1) - at];
            }
            values[from + i] = median(window);
        }
    }

    /** Insertion sort: seven values are too few for anything cleverer. */
    private static float median(float[] window) {
        for (int i = 1; i < WIDTH; i++) {
            float value = window[i];
            int j = i - 1;
            while (j >= 0 && window[j] > value) {
                window[j + 1] = window[j];
                j--;
            }
            window[j + 1] = value;
        }
        return window[REACH];
    }
}
