package dev.parlo.engine.whisper.mel;

/**
 * Squared magnitudes of the real discrete Fourier transform of 400 windowed samples, 201 bins.
 *
 * <p>The 400 real samples are read as 200 complex ones (even samples real, odd imaginary), which a
 * Stockham transform of radices 5, 5, 4 and 2 takes in four passes; the real transform is then
 * recovered from conjugate pairs. Not thread-safe: it owns its work arrays.
 */
final class PowerSpectrum {
    static final int SIZE = 400;
    static final int BINS = SIZE / 2 + 1;

    private static final int HALF = SIZE / 2;
    private static final int[] RADICES = {5, 5, 4, 2};

    private final float[] hann = new float[SIZE];
    private final double[] cos = new double[SIZE];
    private final double[] sin = new double[SIZE];
    private double[] real = new double[HALF];
    private double[] imaginary = new double[HALF];
    private double[] nextReal = new double[HALF];
    private double[] nextImaginary = new double[HALF];

    PowerSpectrum() {
        for (int i = 0; i < SIZE; i++) {
            double angle = 2 * Math.PI * i / SIZE;
            cos[i] = Math.cos(angle);
            sin[i] = Math.sin(angle);
            hann[i] = (float) (0.5 - 0.5 * cos[i]); // periodic
        }
    }

    /**
     * @param samples holds the frame's 400 samples from {@code offset}
     * @param power takes 201 values
     */
    void compute(float[] samples, int offset, float[] power) {
        for (int i = 0; i < HALF; i++) {
            real[i] = samples[offset + 2 * i] * hann[2 * i];
            imaginary[i] = samples[offset + 2 * i + 1] * hann[2 * i + 1];
        }
        transform();
        for (int k = 0; k <= HALF; k++) {
            int a = k == HALF ? 0 : k;
            int b = k == 0 ? 0 : HALF - k;
            // X = E + exp(-2πik/400) O, with E and O the transforms of even and odd samples.
            double evenReal = (real[a] + real[b]) / 2;
            double evenImaginary = (imaginary[a] - imaginary[b]) / 2;
            double oddReal = (imaginary[a] + imaginary[b]) / 2;
            double oddImaginary = (real[b] - real[a]) / 2;
            double x = evenReal + cos[k] * oddReal + sin[k] * oddImaginary;
            double y = evenImaginary + cos[k] * oddImaginary - sin[k] * oddReal;
            power[k] = (float) (x * x + y * y);
        }
    }

    /**
     * An upper bound of the sum of bins 1 to 199 of {@link #compute}, without its transform: by
     * Parseval's theorem the 400 bins of the whole transform sum to 400 times the frame's energy,
     * and each of these is there twice. The few parts in a million by which {@code compute} may
     * round upwards are allowed for.
     */
    double mostPower(float[] samples, int offset) {
        double energy = 0;
        for (int i = 0; i < SIZE; i++) {
            double windowed = samples[offset + i] * hann[i];
            energy += windowed * windowed;
        }
        return energy * (SIZE / 2) * 1.0001;
    }

    /** In-order Stockham passes: {@code length} shrinks by the radix, {@code stride} grows. */
    private void transform() {
        int length = HALF;
        int stride = 1;
        for (int radix : RADICES) {
            int next = length / radix;
            for (int p = 0; p < next; p++) {
                // Twiddle exp(-2πi·p/length), in steps of the table of 400.
                int twiddle = p * (SIZE / length);
                switch (radix) {
                    case 5 -> radix5(p, next, stride, twiddle);
                    case 4 -> radix4(p, next, stride, twiddle);
                    default -> radix2(p, next, stride, twiddle);
                }
            }
            swap();
            length = next;
            stride *= radix;
        }
    }

    private void radix2(int p, int next, int stride, int twiddle) {
        for (int q = 0; q < stride; q++) {
            int in = q + stride * p;
            int out = q + stride * 2 * p;
            int half = stride * next;
            double ar = real[in];
            double ai = imaginary[in];
            double br = real[in + half];
            double bi = imaginary[in + half];
            put(out, ar + br, ai + bi, 0);
            put(out + stride, ar - br, ai - bi, twiddle);
        }
    }

    private void radix4(int p, int next, int stride, int twiddle) {
        int step = stride * next;
        for (int q = 0; q < stride; q++) {
            int in = q + stride * p;
            int out = q + stride * 4 * p;
            double sumReal = real[in] + real[in + 2 * step];
            double sumImaginary = imaginary[in] + imaginary[in + 2 * step];
            double differenceReal = real[in] - real[in + 2 * step];
            double differenceImaginary = imaginary[in] - imaginary[in + 2 * step];
            double oddReal = real[in + step] + real[in + 3 * step];
            double oddImaginary = imaginary[in + step] + imaginary[in + 3 * step];
            double turnReal = imaginary[in + step] - imaginary[in + 3 * step];
            double turnImaginary = real[in + 3 * step] - real[in + step];
            put(out, sumReal + oddReal, sumImaginary + oddImaginary, 0);
            put(
                    out + stride,
                    differenceReal + turnReal,
                    differenceImaginary + turnImaginary,
                    twiddle);
            put(out + 2 * stride, sumReal - oddReal, sumImaginary - oddImaginary, 2 * twiddle);
            put(
                    out + 3 * stride,
                    differenceReal - turnReal,
                    differenceImaginary - turnImaginary,
                    3 * twiddle);
        }
    }

    private void radix5(int p, int next, int stride, int twiddle) {
        int step = stride * next;
        double c1 = cos[SIZE / 5];
        double s1 = sin[SIZE / 5];
        double c2 = cos[2 * SIZE / 5];
        double s2 = sin[2 * SIZE / 5];
        for (int q = 0; q < stride; q++) {
            int in = q + stride * p;
            int out = q + stride * 5 * p;
            double ar = real[in];
            double ai = imaginary[in];
            double b14r = real[in + step] + real[in + 4 * step];
            double b14i = imaginary[in + step] + imaginary[in + 4 * step];
            double d14r = real[in + step] - real[in + 4 * step];
            double d14i = imaginary[in + step] - imaginary[in + 4 * step];
            double b23r = real[in + 2 * step] + real[in + 3 * step];
            double b23i = imaginary[in + 2 * step] + imaginary[in + 3 * step];
            double d23r = real[in + 2 * step] - real[in + 3 * step];
            double d23i = imaginary[in + 2 * step] - imaginary[in + 3 * step];
            double u1r = ar + c1 * b14r + c2 * b23r;
            double u1i = ai + c1 * b14i + c2 * b23i;
            double v1r = s1 * d14i + s2 * d23i;
            double v1i = -(s1 * d14r + s2 * d23r);
            double u2r = ar + c2 * b14r + c1 * b23r;
            double u2i = ai + c2 * b14i + c1 * b23i;
            double v2r = s2 * d14i - s1 * d23i;
            double v2i = -(s2 * d14r - s1 * d23r);
            put(out, ar + b14r + b23r, ai + b14i + b23i, 0);
            put(out + stride, u1r + v1r, u1i + v1i, twiddle);
            put(out + 2 * stride, u2r + v2r, u2i + v2i, 2 * twiddle);
            put(out + 3 * stride, u2r - v2r, u2i - v2i, 3 * twiddle);
            put(out + 4 * stride, u1r - v1r, u1i - v1i, 4 * twiddle);
        }
    }

    private void put(int index, double x, double y, int twiddle) {
        double c = cos[twiddle];
        double s = sin[twiddle];
        nextReal[index] = x * c + y * s;
        nextImaginary[index] = y * c - x * s;
    }

    private void swap() {
        double[] swapped = real;
        real = nextReal;
        nextReal = swapped;
        swapped = imaginary;
        imaginary = nextImaginary;
        nextImaginary = swapped;
    }
}
