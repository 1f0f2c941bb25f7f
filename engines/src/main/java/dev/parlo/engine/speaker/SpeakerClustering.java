package dev.parlo.engine.speaker;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Finds out how many voices there are and what each is like, as pyannote's speaker diarization 3.1
 * does: centroid linkage of unit vectors, a cut at a threshold, clusters too small for a speaker
 * joined to the nearest of the others.
 */
final class SpeakerClustering {
    /** Of the distance of unit vectors: a cosine of 0.75. */
    static final double THRESHOLD = 0.7045654963945799;

    /** Vectors of a speaker, where there are enough in all. */
    private static final int LEAST_SIZE = 12;

    /**
     * Vectors that are clustered; of more, so many evenly over the recording. Their distances take
     * 36 MB, and every voice of a long recording is among them many times.
     */
    static final int MOST_ROWS = 3000;

    private static final long SEED = 42;

    /** The place before the first of the merges. */
    private static final int NO_MERGE = -1;

    private SpeakerClustering() {}

    /**
     * The mean vector of each voice.
     *
     * @param rows finite vectors, at least one
     */
    static float[][] centroids(List<float[]> rows, DiarizationOptions asked) {
        float[][] all = thinned(rows);
        DiarizationOptions options = asked.within(all.length);
        if (options.most() < 2) {
            return means(all, new int[all.length], 1);
        }
        float[][] unit = new float[all.length][];
        for (int i = 0; i < all.length; i++) {
            unit[i] = Vectors.unit(all[i]);
        }
        int least = Math.min(LEAST_SIZE, Math.max(1, (int) Math.rint(0.1 * all.length)));
        int[] labels = labels(new CentroidLinkage(unit), options, least);
        int[] sizes = sizes(labels);
        List<Integer> large = new ArrayList<>();
        for (int k = 0; k < sizes.length; k++) {
            if (sizes[k] >= least) {
                large.add(k);
            }
        }
        if (large.isEmpty()) {
            return means(all, new int[all.length], 1);
        }
        int[] joined = joined(large, means(unit, labels, sizes.length));
        for (int i = 0; i < labels.length; i++) {
            labels[i] = joined[labels[i]];
        }
        return means(all, labels, large.size());
    }

    private static float[][] thinned(List<float[]> rows) {
        if (rows.size() <= MOST_ROWS) {
            return rows.toArray(float[][]::new);
        }
        // One by chance of each stretch: every second row might always be the same speaker's.
        Random random = new Random(SEED);
        float[][] all = new float[MOST_ROWS][];
        for (int i = 0; i < MOST_ROWS; i++) {
            all[i] = rows.get((int) ((i + random.nextDouble()) * rows.size() / MOST_ROWS));
        }
        return all;
    }

    /** The cut at the threshold, or the one nearest to it that has as many speakers as asked. */
    private static int[] labels(CentroidLinkage tree, DiarizationOptions options, int least) {
        int[] labels = tree.cut(THRESHOLD);
        int found = large(labels, least);
        int wanted = Math.clamp(found, options.least(), options.most());
        if (found == wanted) {
            return labels;
        }
        List<Integer> merges = new ArrayList<>();
        for (int i = 0; i < tree.merges(); i++) {
            if (tree.size(i) >= least) {
                merges.add(i);
            }
        }
        merges.sort((a, b) ->
                Double.compare(
                        Math.abs(tree.height(a) - THRESHOLD),
                        Math.abs(tree.height(b) - THRESHOLD)));
        if (least == 1) {
            merges.add(NO_MERGE); // last: every vector a speaker
        }
        int[] best = new int[labels.length]; // all joined: one speaker
        int distance = Math.abs(1 - wanted);
        for (int i : merges) {
            int[] candidate = tree.after(i + 1);
            int off = Math.abs(large(candidate, least) - wanted);
            if (off < distance) {
                distance = off;
                best = candidate;
            }
            if (off == 0) {
                break;
            }
        }
        return best;
    }

    private static int[] sizes(int[] labels) {
        int clusters = 0;
        for (int label : labels) {
            clusters = Math.max(clusters, label + 1);
        }
        int[] sizes = new int[clusters];
        for (int label : labels) {
            sizes[label]++;
        }
        return sizes;
    }

    private static int large(int[] labels, int least) {
        int large = 0;
        for (int size : sizes(labels)) {
            large += size >= least ? 1 : 0;
        }
        return large;
    }

    /** For each cluster the place among the large ones of itself or of the one nearest to it. */
    private static int[] joined(List<Integer> large, float[][] means) {
        int[] joined = new int[means.length];
        for (int k = 0; k < means.length; k++) {
            joined[k] = large.indexOf(k);
            double best = Double.NEGATIVE_INFINITY;
            for (int l = 0; l < large.size() && !large.contains(k); l++) {
                double cosine = Vectors.cosine(means[k], means[large.get(l)]);
                if (cosine > best) {
                    best = cosine;
                    joined[k] = l;
                }
            }
        }
        return joined;
    }

    /** The mean of the rows of each cluster. */
    private static float[][] means(float[][] rows, int[] labels, int clusters) {
        double[][] sums = new double[clusters][rows[0].length];
        int[] counts = new int[clusters];
        for (int i = 0; i < rows.length; i++) {
            double[] sum = sums[labels[i]];
            for (int d = 0; d < sum.length; d++) {
                sum[d] += rows[i][d];
            }
            counts[labels[i]]++;
        }
        float[][] means = new float[clusters][];
        for (int k = 0; k < clusters; k++) {
            means[k] = Vectors.floats(sums[k], 1.0 / Math.max(1, counts[k]));
        }
        return means;
    }
}
