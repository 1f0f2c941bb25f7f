package dev.parlo.engine.audio;

/**
 * The power spectrum of real samples whose number is a power of two, by the iterative Cooley–Tukey
 * algorithm. Not thread-safe: it computes in buffers that it keeps.
 */
public final class RealFft {
    private final int size;
    private final double[] re;
    private final double[] im;
    private final double[] cos;
    private final double[] sin;

    /**
     * Computes the factors, once.
     *
     * @param size number of samples, a power of two of at least 2
     * @throws IllegalArgumentException for other sizes
     */
    public RealFft(int size) {
        if (size < 2 || Integer.bitCount(size) != 1) {
            throw new IllegalArgumentException(size + " is not a power of two of at least 2");
        }
        this.size = size;
        re = new double[size];
        im = new double[size];
        cos = new double[size / 2];
        sin = new double[size / 2];
        for (int i = 0; i < size / 2; i++) {
            cos[i] = Math.cos(2 * Math.PI * i / size);
            sin[i] = -Math.sin(2 * Math.PI * i / size);
        }
    }

    /**
     * |X[k]|² for k = 0 … size/2.
     *
     * @param samples at most {@code size} values; the rest counts as zeros
     * @param power size/2 + 1 values, overwritten
     */
    public void power(double[] samples, double[] power) {
        int shift = Integer.numberOfLeadingZeros(size) + 1;
        for (int i = 0; i < size; i++) {
            // Reversing the bits of the places first lets the butterflies work in place.
            re[Integer.reverse(i) >>> shift] = i < samples.length ? samples[i] : 0;
            im[i] = 0;
        }
        for (int half = 1; half < size; half *= 2) {
            int stride = size / (2 * half);
            for (int block = 0; block < size; block += 2 * half) {
                for (int i = 0; i < half; i++) {
                    butterfly(block + i, block + i + half, i * stride);
                }
            }
        }
        for (int k = 0; k <= size / 2; k++) {
            power[k] = re[k] * re[k] + im[k] * im[k];
        }
    }

    private void butterfly(int a, int b, int turn) {
        double oddRe = re[b] * cos[turn] - im[b] * sin[turn];
        double oddIm = re[b] * sin[turn] + im[b] * cos[turn];
        re[b] = re[a] - oddRe;
        im[b] = im[a] - oddIm;
        re[a] += oddRe;
        im[a] += oddIm;
    }
}
