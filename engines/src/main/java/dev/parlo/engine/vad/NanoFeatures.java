package dev.parlo.engine.vad;

import dev.parlo.engine.audio.AudioSource;
import dev.parlo.engine.audio.RealFft;

/**
 * What {@link NanoVad} hears of a window, window after window: 24 log-mel bands above the floor of
 * the noise and in absolute terms, and eight numbers that tell voices from noise (periodicity,
 * flatness) and from tones (change of the spectrum and of the pitch). {@code
 * training/vad/features.py} computes the same. Not thread-safe.
 */
final class NanoFeatures {
    private static final int BANDS = 24;

    /** Numbers of a window. */
    static final int COUNT = 2 * BANDS + 8;

    private static final int WINDOW = VoiceActivityDetector.WINDOW;
    private static final int HOP = WINDOW / 2;
    private static final int BINS = WINDOW / 2 + 1;

    /** Bins whose shape is compared: 125 Hz to 4 kHz. */
    private static final int FIRST_BIN = 4;

    private static final int END_BIN = 130;

    private final RealFft fft = new RealFft(WINDOW);
    private final Periodicity periodicity = new Periodicity();
    private final double[] hann = new double[WINDOW];
    private final double[][] filters = filters();

    /** The window before and this one. */
    private final double[] heard = new double[2 * WINDOW];

    private final double[] frame = new double[WINDOW];
    private final double[][] power = new double[2][BINS];
    private final double[][] logMel = new double[2][BANDS];
    private final double[] lastLogMel = new double[BANDS];
    private final double[] floor = new double[BANDS];
    private final double[] shape = new double[END_BIN - FIRST_BIN];
    private final double[] lastShape = new double[END_BIN - FIRST_BIN];
    private double lastLag;
    private boolean begun;

    NanoFeatures() {
        for (int i = 0; i < WINDOW; i++) {
            hann[i] = 0.5 - 0.5 * Math.cos(2 * Math.PI * i / WINDOW);
        }
    }

    /** The features of the 512 samples from {@code from} on, [56]. */
    float[] of(float[] samples, int from) {
        System.arraycopy(heard, WINDOW, heard, 0, WINDOW);
        double energy = 0;
        for (int i = 0; i < WINDOW; i++) {
            double sample = samples[from + i];
            heard[WINDOW + i] = sample;
            energy += sample * sample;
        }
        // Two frames, of which the first reaches half a window back.
        spectrum(0, WINDOW - HOP);
        spectrum(1, WINDOW);
        float[] features = new float[COUNT];
        int other = bands(features);
        features[other] = (float) distance(logMel[1], logMel[0]);
        features[other + 1] = (float) distance(logMel[0], begun ? lastLogMel : logMel[1]);
        periodicity.measure(heard);
        features[other + 2] = (float) periodicity.strength();
        double lag = Math.log(periodicity.lag());
        features[other + 3] = (float) (begun ? Math.min(Math.abs(lag - lastLag), 1) : 0);
        shape(features, other + 4);
        features[other + 7] = (float) (0.2 * (Math.log(energy / WINDOW + 1e-9) + 9));
        lastLag = lag;
        System.arraycopy(logMel[1], 0, lastLogMel, 0, BANDS);
        begun = true;
        return features;
    }

    private void spectrum(int index, int from) {
        for (int i = 0; i < WINDOW; i++) {
            frame[i] = hann[i] * heard[from + i];
        }
        fft.power(frame, power[index]);
        for (int band = 0; band < BANDS; band++) {
            double sum = 0;
            for (int bin = 0; bin < BINS; bin++) {
                sum += filters[band][bin] * power[index][bin];
            }
            logMel[index][band] = Math.log(sum + 1e-7);
        }
    }

    /** Writes the bands above the floor and the bands themselves; returns how many that are. */
    private int bands(float[] features) {
        for (int band = 0; band < BANDS; band++) {
            double mel = (logMel[0][band] + logMel[1][band]) / 2;
            double before = begun ? floor[band] : mel;
            // The floor follows a fall at once and a rise slowly, so that speech does not raise it.
            floor[band] =
                    mel < before
                            ? 0.5 * before + 0.5 * mel
                            : before + 0.004 * Math.min(mel - before, 5);
            features[band] = (float) (0.3 * (mel - floor[band]));
            features[BANDS + band] = (float) (0.15 * (mel + 8));
        }
        return 2 * BANDS;
    }

    /** Flatness, share of the strongest bin, and likeness to the window before. */
    private void shape(float[] features, int at) {
        double sum = 0;
        double logSum = 0;
        double most = 0;
        for (int i = 0; i < shape.length; i++) {
            double value = (power[0][FIRST_BIN + i] + power[1][FIRST_BIN + i]) / 2 + 1e-10;
            sum += value;
            logSum += Math.log(value);
            most = Math.max(most, value);
            shape[i] = Math.sqrt(value);
        }
        double norm = Math.sqrt(sum) + 1e-9;
        double likeness = 0;
        for (int i = 0; i < shape.length; i++) {
            shape[i] /= norm;
            likeness += shape[i] * lastShape[i];
            lastShape[i] = shape[i];
        }
        features[at] = (float) (0.5 * (logSum / shape.length - Math.log(sum / shape.length)));
        features[at + 1] = (float) (0.5 * Math.log(most / sum));
        features[at + 2] = (float) (0.3 * Math.log(1 - Math.min(likeness, 0.9999)));
    }

    private static double distance(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += Math.abs(a[i] - b[i]);
        }
        return sum / a.length;
    }

    /** Triangles of equal width in mel from 80 to 7,600 Hz, [band][bin]. */
    private static double[][] filters() {
        double low = mel(80);
        double step = (mel(7600) - low) / (BANDS + 1);
        double[][] filters = new double[BANDS][BINS];
        for (int band = 0; band < BANDS; band++) {
            for (int bin = 0; bin < BINS; bin++) {
                double place =
                        (mel((double) bin * AudioSource.SAMPLE_RATE / WINDOW) - low) / step - band;
                filters[band][bin] = Math.max(0, Math.min(place, 2 - place));
            }
        }
        return filters;
    }

    private static double mel(double hertz) {
        return 1127 * Math.log(1 + hertz / 700);
    }
}
