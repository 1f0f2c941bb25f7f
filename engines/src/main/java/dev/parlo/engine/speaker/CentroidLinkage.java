package dev.parlo.engine.speaker;

import java.util.Arrays;
import java.util.function.IntPredicate;

/**
 * A tree of clusters: those whose centres are nearest are joined, again and again. A cluster may be
 * nearer to another than its own halves were to each other, so heights need not rise. Immutable.
 *
 * <p>Node i of the n points is point i; node n + i is what the i-th join made.
 */
final class CentroidLinkage {
    private final int points;
    private final int[] left;
    private final int[] right;
    private final double[] heights;
    private final int[] sizes;

    /**
     * Joins everything, in about n² steps and n²/2 numbers.
     *
     * @param rows at least one point
     */
    CentroidLinkage(float[][] rows) {
        points = rows.length;
        left = new int[points - 1];
        right = new int[points - 1];
        heights = new double[points - 1];
        sizes = new int[points - 1];
        new Joining(rows).run();
    }

    int merges() {
        return heights.length;
    }

    /** The distance of the centres that a join brought together. */
    double height(int merge) {
        return heights[merge];
    }

    /** Points below a join. */
    int size(int merge) {
        return sizes[merge];
    }

    /**
     * Cuts the tree: a node is one cluster where no join below it is higher than the threshold.
     *
     * @return the cluster of each point, from 0
     */
    int[] cut(double threshold) {
        double[] highest = new double[2 * points - 1];
        for (int i = 0; i < merges(); i++) {
            highest[points + i] =
                    Math.max(heights[i], Math.max(highest[left[i]], highest[right[i]]));
        }
        return labels(node -> highest[node] <= threshold);
    }

    /**
     * The clusters after so many joins.
     *
     * @return as {@link #cut}
     */
    int[] after(int joins) {
        return labels(node -> node < points + joins);
    }

    private int[] labels(IntPredicate whole) {
        int[] label = new int[2 * points - 1];
        Arrays.fill(label, -1);
        int next = 0;
        for (int node = 2 * points - 2; node >= 0; node--) { // parents before children
            if (label[node] < 0 && (node < points || whole.test(node))) {
                label[node] = next++;
            }
            if (node >= points && label[node] >= 0) {
                label[left[node - points]] = label[node];
                label[right[node - points]] = label[node];
            }
        }
        return Arrays.copyOf(label, points);
    }

    /** The work: squared distances of all pairs, each row with a bound of its nearest. */
    private final class Joining {
        private final double[] distances;
        private final int[] node = new int[points];
        private final int[] size = new int[points];
        private final boolean[] gone = new boolean[points];
        private final int[] nearest = new int[points];
        private final double[] bound = new double[points];

        Joining(float[][] rows) {
            distances = new double[points * (points - 1) / 2];
            for (int i = 0; i < points; i++) {
                node[i] = i;
                size[i] = 1;
                for (int j = 0; j < i; j++) {
                    distances[index(i, j)] = squared(rows[i], rows[j]);
                }
            }
            for (int i = 0; i < points; i++) {
                refresh(i);
            }
        }

        private static double squared(float[] a, float[] b) {
            double sum = 0;
            for (int d = 0; d < a.length; d++) {
                double difference = (double) a[d] - b[d];
                sum += difference * difference;
            }
            return sum;
        }

        private static int index(int i, int j) {
            return i > j ? i * (i - 1) / 2 + j : j * (j - 1) / 2 + i;
        }

        private void refresh(int row) {
            bound[row] = Double.POSITIVE_INFINITY;
            nearest[row] = -1;
            for (int k = 0; k < points; k++) {
                if (k != row && !gone[k] && distances[index(row, k)] < bound[row]) {
                    bound[row] = distances[index(row, k)];
                    nearest[row] = k;
                }
            }
        }

        void run() {
            for (int merge = 0; merge < points - 1; merge++) {
                int i = closest();
                join(merge, i, nearest[i]);
            }
        }

        /** The row with the smallest distance; bounds that turn out too low are put right. */
        private int closest() {
            while (true) {
                int best = -1;
                for (int k = 0; k < points; k++) {
                    if (!gone[k] && (best < 0 || bound[k] < bound[best])) {
                        best = k;
                    }
                }
                int near = nearest[best];
                if (near >= 0 && !gone[near] && distances[index(best, near)] == bound[best]) {
                    return best;
                }
                refresh(best);
            }
        }

        private void join(int merge, int a, int b) {
            double d2 = distances[index(a, b)];
            left[merge] = Math.min(node[a], node[b]);
            right[merge] = Math.max(node[a], node[b]);
            heights[merge] = Math.sqrt(Math.max(0, d2));
            double sa = size[a];
            double sb = size[b];
            double sum = sa + sb;
            gone[a] = true;
            for (int k = 0; k < points; k++) {
                if (gone[k] || k == b) {
                    continue;
                }
                // Lance and Williams: how far the common centre is from k
                double joined =
                        (sa * distances[index(a, k)] + sb * distances[index(b, k)]) / sum
                                - sa * sb * d2 / (sum * sum);
                distances[index(b, k)] = joined;
                if (joined < bound[k]) {
                    bound[k] = joined;
                    nearest[k] = b;
                }
            }
            size[b] = (int) sum;
            sizes[merge] = size[b];
            node[b] = points + merge;
            refresh(b);
        }
    }
}
