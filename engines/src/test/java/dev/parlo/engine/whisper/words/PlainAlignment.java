package dev.parlo.engine.whisper.words;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The steps of the alignment written down plainly, in double precision. */
final class PlainAlignment {
    private PlainAlignment() {}

    /** Every point of the cheapest path, from the start. */
    static List<int[]> path(float[] values, int rows, int columns) {
        double[][] cost = new double[rows + 1][columns + 1];
        int[][] trace = new int[rows + 1][columns + 1];
        fill(values, rows, columns, cost, trace);
        List<int[]> path = new ArrayList<>();
        int i = rows;
        int j = columns;
        while (i > 0 || j > 0) {
            path.addFirst(new int[] {i - 1, j - 1});
            int step = i == 0 ? 2 : j == 0 ? 1 : trace[i][j];
            i -= step == 2 ? 0 : 1;
            j -= step == 1 ? 0 : 1;
        }
        return path;
    }

    static double cost(float[] values, int rows, int columns) {
        double[][] cost = new double[rows + 1][columns + 1];
        fill(values, rows, columns, cost, new int[rows + 1][columns + 1]);
        return cost[rows][columns];
    }

    /** Cost of the cheapest path that enters each row where {@code starts} says. */
    static double costOf(int[] starts, float[] values, int rows, int columns) {
        double cost = 0;
        for (int row = 0; row < rows; row++) {
            int last = row + 1 < rows ? starts[row + 1] : columns - 1;
            // The next row begins either in the column after this one's last or in the same.
            double stays = 0;
            for (int column = starts[row]; column < last; column++) {
                stays -= values[row * columns + column];
            }
            double shared = -values[row * columns + last];
            boolean final_ = row + 1 == rows;
            boolean must = final_ || starts[row] == last;
            cost += stays + (must ? shared : Math.min(0, shared));
        }
        return cost;
    }

    private static void fill(
            float[] values, int rows, int columns, double[][] cost, int[][] trace) {
        for (double[] row : cost) {
            Arrays.fill(row, Double.POSITIVE_INFINITY);
        }
        cost[0][0] = 0;
        for (int j = 1; j <= columns; j++) {
            for (int i = 1; i <= rows; i++) {
                double diagonal = cost[i - 1][j - 1];
                double up = cost[i - 1][j];
                double left = cost[i][j - 1];
                if (diagonal < up && diagonal < left) {
                    trace[i][j] = 0;
                } else if (up < diagonal && up < left) {
                    trace[i][j] = 1;
                } else {
                    trace[i][j] = 2;
                }
                double best = trace[i][j] == 0 ? diagonal : trace[i][j] == 1 ? up : left;
                cost[i][j] = best - values[(i - 1) * columns + j - 1];
            }
        }
    }

    /** Softmax, normalisation over tokens, median of seven, mean over heads. */
    static float[] mean(float[] scores, int heads, int tokens, int columns) {
        float[] mean = new float[tokens * columns];
        for (int head = 0; head < heads; head++) {
            double[][] weights = new double[tokens][columns];
            for (int t = 0; t < tokens; t++) {
                double sum = 0;
                for (int c = 0; c < columns; c++) {
                    weights[t][c] = Math.exp(scores[(head * tokens + t) * 1500 + c]);
                    sum += weights[t][c];
                }
                for (int c = 0; c < columns; c++) {
                    weights[t][c] /= sum;
                }
            }
            for (int c = 0; c < columns; c++) {
                double average = 0;
                double variance = 0;
                for (double[] row : weights) {
                    average += row[c] / tokens;
                }
                for (double[] row : weights) {
                    variance += (row[c] - average) * (row[c] - average) / tokens;
                }
                for (double[] row : weights) {
                    row[c] = variance < 1e-20 ? 0 : (row[c] - average) / Math.sqrt(variance);
                }
            }
            for (int t = 0; t < tokens; t++) {
                for (int c = 0; c < columns; c++) {
                    mean[t * columns + c] += (float) (median(weights[t], c) / heads);
                }
            }
        }
        return mean;
    }

    private static double median(double[] row, int column) {
        int n = row.length;
        if (n <= 3) {
            return row[column];
        }
        double[] window = new double[7];
        for (int k = -3; k <= 3; k++) {
            int at = Math.abs(column + k);
            window[k + 3] = row[at < n ? at : 2 * (n - 1) - at];
        }
        Arrays.sort(window);
        return window[3];
    }
}
