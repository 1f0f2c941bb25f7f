package dev.parlo.engine.parakeet;

import dev.parlo.engine.audio.RealFft;
import java.util.Arrays;

/**
 * The features that NeMo's models hear: 128 logarithmic mel bands, 100 times a second, each band
 * brought to mean 0 and deviation 1 over the whole of what is heard. Whisper's features differ in
 * every step (pre-emphasis, window, transform, logarithm, normalisation). Thread-safe.
 */
final class NemoMel {
    static final int BANDS = 128;

    /** Samples from one frame to the next. */
    static final int HOP = 160;

    private static final int SIZE = 512;
    private static final int WINDOW = 400;
    private static final int BINS = SIZE / 2 + 1;
    private static final double HERTZ_PER_BIN = 16_000.0 / SIZE;
    private static final double PRE_EMPHASIS = 0.97;
    private static final double FLOOR = 0x1p-24;

    private final double[] window = new double[WINDOW];

    /** Of band b, the weights of the bins from {@code firstBin[b]} on. */
    private final double[][] weights = new double[BANDS][];

    private final int[] firstBin = new int[BANDS];

    NemoMel() {
        for (int i = 0; i < WINDOW; i++) {
            window[i] = 0.5 - 0.5 * Math.cos(2 * Math.PI * i / (WINDOW - 1));
        }
        double[] hertz = new double[BANDS + 2];
        for (int i = 0; i < hertz.length; i++) {
            hertz[i] = hertz(mel(8000) * i / (BANDS + 1));
        }
        for (int band = 0; band < BANDS; band++) {
            filter(band, hertz[band], hertz[band + 1], hertz[band + 2]);
        }
    }

    /** A triangle that is linear in hertz, of the area that Slaney gives it. */
    private void filter(int band, double low, double centre, double high) {
        double[] all = new double[BINS];
        int first = BINS;
        int end = 0;
        for (int bin = 0; bin < BINS; bin++) {
            double f = bin * HERTZ_PER_BIN;
            double side = Math.min((f - low) / (centre - low), (high - f) / (high - centre));
            if (side > 0) {
                all[bin] = side * 2 / (high - low);
                first = Math.min(first, bin);
                end = bin + 1;
            }
        }
        firstBin[band] = Math.min(first, end);
        weights[band] = Arrays.copyOfRange(all, firstBin[band], end);
    }

    private static double mel(double hertz) {
        return hertz < 1000 ? 3 * hertz / 200 : 15 + 27 * Math.log(hertz / 1000) / Math.log(6.4);
    }

    private static double hertz(double mel) {
        return mel < 15 ? 200 * mel / 3 : 1000 * Math.pow(6.4, (mel - 15) / 27);
    }

    /** The weight of each bin in a band, for tests of the table. */
    double weight(int band, int bin) {
        int at = bin - firstBin[band];
        return at >= 0 && at < weights[band].length ? weights[band][at] : 0;
    }

    /**
     * @param samples mono at 16 kHz, within [-1, 1]
     * @return {@code [band * frames + frame]}, with one frame for every whole hop
     */
    float[] features(float[] samples) {
        int frames = samples.length / HOP;
        float[] features = energies(samples, frames);
        for (int band = 0; band < BANDS; band++) {
            normalise(features, band * frames, frames);
        }
        return features;
    }

    /** Logarithms of the bands' energies, not normalised yet. */
    float[] energies(float[] samples, int frames) {
        double[] emphasised = new double[samples.length];
        for (int n = 0; n < samples.length; n++) {
            emphasised[n] = samples[n] - (n == 0 ? 0 : PRE_EMPHASIS * samples[n - 1]);
        }
        float[] energies = new float[BANDS * frames];
        RealFft fft = new RealFft(SIZE);
        double[] frame = new double[SIZE];
        double[] power = new double[BINS];
        int before = SIZE / 2; // a frame's centre lies on its hop, so the first reaches back
        int inset = (SIZE - WINDOW) / 2;
        for (int t = 0; t < frames; t++) {
            int from = t * HOP - before + inset;
            for (int i = 0; i < WINDOW; i++) {
                int n = from + i;
                frame[inset + i] = n >= 0 && n < emphasised.length ? emphasised[n] * window[i] : 0;
            }
            fft.power(frame, power);
            for (int band = 0; band < BANDS; band++) {
                double sum = FLOOR;
                for (int i = 0; i < weights[band].length; i++) {
                    sum += weights[band][i] * power[firstBin[band] + i];
                }
                energies[band * frames + t] = (float) Math.log(sum);
            }
        }
        return energies;
    }

    private static void normalise(float[] features, int from, int frames) {
        double sum = 0;
        for (int t = 0; t < frames; t++) {
            sum += features[from + t];
        }
        double mean = sum / frames;
        double squares = 0;
        for (int t = 0; t < frames; t++) {
            squares += (features[from + t] - mean) * (features[from + t] - mean);
        }
        // NeMo divides by n - 1, which is nothing for a single frame
        double deviation = frames > 1 ? Math.sqrt(squares / (frames - 1)) : 0;
        for (int t = 0; t < frames; t++) {
            features[from + t] = (float) ((features[from + t] - mean) / (deviation + 1e-5));
        }
    }
}
