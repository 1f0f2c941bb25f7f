package dev.parlo.engine.speaker;

import java.util.Arrays;

/** The one-to-one matching of rows to columns with the largest sum, by the Hungarian algorithm. */
final class Assignment {
    private Assignment() {}

    /**
     * Matches as many rows as there are columns for.
     *
     * @param score [rows][columns], finite
     * @return the column of each row; -1 where none is left for it
     */
    static int[] best(double[][] score) {
        int rows = score.length;
        int columns = rows == 0 ? 0 : score[0].length;
        int[] match = new int[rows];
        Arrays.fill(match, -1);
        if (columns == 0) {
            return match;
        }
        int width = Math.max(rows, columns); // columns of nothing for rows that are left over
        double least = 0;
        for (double[] row : score) {
            for (double value : row) {
                least = Math.min(least, value);
            }
        }
        // Potentials u of rows and v of columns, from 1; column 0 holds the row that is placed.
        double[] u = new double[rows + 1];
        double[] v = new double[width + 1];
        int[] row = new int[width + 1];
        int[] before = new int[width + 1];
        for (int i = 1; i <= rows; i++) {
            row[0] = i;
            int column = 0;
            double[] slack = new double[width + 1];
            Arrays.fill(slack, Double.POSITIVE_INFINITY);
            boolean[] seen = new boolean[width + 1];
            do {
                seen[column] = true;
                double delta = Double.POSITIVE_INFINITY;
                int next = 0;
                for (int j = 1; j <= width; j++) {
                    if (seen[j]) {
                        continue;
                    }
                    int r = row[column] - 1;
                    double cost = j <= columns ? -score[r][j - 1] : 1 - least;
                    double reduced = cost - u[row[column]] - v[j];
                    if (reduced < slack[j]) {
                        slack[j] = reduced;
                        before[j] = column;
                    }
                    if (slack[j] < delta) {
                        delta = slack[j];
                        next = j;
                    }
                }
                for (int j = 0; j <= width; j++) {
                    if (seen[j]) {
                        u[row[j]] += delta;
                        v[j] -= delta;
                    } else {
                        slack[j] -= delta;
                    }
                }
                column = next;
            } while (row[column] != 0);
            while (column != 0) {
                row[column] = row[before[column]];
                column = before[column];
            }
        }
        for (int j = 1; j <= columns; j++) {
            if (row[j] > 0) {
                match[row[j] - 1] = j - 1;
            }
        }
        return match;
    }
}
