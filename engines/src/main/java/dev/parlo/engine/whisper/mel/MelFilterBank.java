package dev.parlo.engine.whisper.mel;

/**
 * Triangular filters on the Slaney mel scale with Slaney's area normalisation, from 0 to 8000 Hz,
 * as librosa builds them and Whisper was trained with. Kept sparse: a filter touches few bins.
 */
final class MelFilterBank {
    private static final double TOP_MEL = 45.245640471924965;
    private static final double BIN_HERTZ = 16_000.0 / PowerSpectrum.SIZE;

    private final int[] firstBin;
    private final float[][] weights;

    MelFilterBank(int bands) {
        double[] edges = new double[bands + 2];
        for (int i = 0; i < edges.length; i++) {
            edges[i] = hertz(TOP_MEL * i / (bands + 1));
        }
        firstBin = new int[bands];
        weights = new float[bands][];
        for (int band = 0; band < bands; band++) {
            double low = edges[band];
            double mid = edges[band + 1];
            double high = edges[band + 2];
            int first = (int) Math.floor(low / BIN_HERTZ) + 1;
            int last = (int) Math.ceil(high / BIN_HERTZ) - 1;
            firstBin[band] = first;
            weights[band] = new float[Math.max(0, last - first + 1)];
            for (int bin = first; bin <= last; bin++) {
                double f = bin * BIN_HERTZ;
                double triangle = Math.min((f - low) / (mid - low), (high - f) / (high - mid));
                weights[band][bin - first] = (float) (triangle * 2 / (high - low));
            }
        }
    }

    int bands() {
        return weights.length;
    }

    /** {@code energies[offset + band] = Σ weight · power}. */
    void apply(float[] power, float[] energies, int offset) {
        for (int band = 0; band < weights.length; band++) {
            float[] row = weights[band];
            int first = firstBin[band];
            float sum = 0;
            for (int i = 0; i < row.length; i++) {
                sum += row[i] * power[first + i];
            }
            energies[offset + band] = sum;
        }
    }

    /**
     * The largest weight of all. No band reaches the first bin or the last one, at which the lowest
     * filter begins and the highest ends.
     */
    float peak() {
        float peak = 0;
        for (float[] row : weights) {
            for (float weight : row) {
                peak = Math.max(peak, weight);
            }
        }
        return peak;
    }

    /** The weight of a bin in a band, for tests. */
    float weight(int band, int bin) {
        int index = bin - firstBin[band];
        return index >= 0 && index < weights[band].length ? weights[band][index] : 0;
    }

    /** Linear below 1000 Hz (15 mel), logarithmic above. */
    private static double hertz(double mel) {
        return mel < 15 ? mel * 200 / 3 : 1000 * Math.exp((mel - 15) * Math.log(6.4) / 27);
    }
}
