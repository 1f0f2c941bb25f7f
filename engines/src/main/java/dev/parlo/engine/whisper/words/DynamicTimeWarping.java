package dev.parlo.engine.whisper.words;

import java.util.Arrays;

/**
 * The monotonic path through a matrix of {@code rows × columns} along which the sum of its values
 * is greatest. Ties go left, as CTranslate2's do.
 */
final class DynamicTimeWarping {
    private static final byte DIAGONAL = 0;
    private static final byte UP = 1;
    private static final byte LEFT = 2;

    private DynamicTimeWarping() {}

    /**
     * @param values {@code [rows, columns]} flattened
     * @return for every row the first column that the path visits in it; empty without columns
     */
    static int[] firstColumns(float[] values, int rows, int columns) {
        if (rows == 0 || columns == 0) {
            return new int[0];
        }
        byte[] trace = trace(values, rows, columns);
        int[] first = new int[rows];
        int i = rows;
        int j = columns;
        while (i > 0 || j > 0) {
            if (i > 0) {
                first[i - 1] = Math.max(0, j - 1); // walking back, the last one seen is the first
            }
            byte step = i == 0 ? LEFT : j == 0 ? UP : trace[i * (columns + 1) + j];
            i -= step == LEFT ? 0 : 1;
            j -= step == UP ? 0 : 1;
        }
        return first;
    }

    private static byte[] trace(float[] values, int rows, int columns) {
        byte[] trace = new byte[(rows + 1) * (columns + 1)];
        float[] previous = new float[rows + 1]; // costs of the column to the left
        float[] current = new float[rows + 1];
        Arrays.fill(previous, Float.POSITIVE_INFINITY);
        previous[0] = 0;
        for (int j = 1; j <= columns; j++) {
            current[0] = Float.POSITIVE_INFINITY;
            for (int i = 1; i <= rows; i++) {
                float diagonal = previous[i - 1];
                float up = current[i - 1];
                float left = previous[i];
                float cost;
                byte step;
                if (diagonal < up && diagonal < left) {
                    cost = diagonal;
                    step = DIAGONAL;
                } else if (up < diagonal && up < left) {
                    cost = up;
                    step = UP;
                } else {
                    cost = left;
                    step = LEFT;
                }
                current[i] = cost - values[(i - 1) * columns + j - 1];
                trace[i * (columns + 1) + j] = step;
            }
            float[] swapped = previous;
            previous = current;
            current = swapped;
        }
        return trace;
    }
}
