package dev.parlo.engine.speaker;

import dev.parlo.engine.audio.AudioSource;
import dev.parlo.engine.audio.RealFft;
import java.util.Arrays;

/**
 * Logarithmic mel energies as Kaldi's {@code compute-fbank-feats} yields them and speaker networks
 * were trained on: 80 bins, frames of 25 ms every 10 ms, whole frames only, no dither. Not
 * thread-safe.
 */
final class KaldiFbank {
    static final int BINS = 80;

    /** Samples of a frame. */
    static final int LENGTH = 400;

    /** Samples from one frame to the next. */
    static final int HOP = 160;

    private static final int FFT = 512;
    private static final double LOWEST = 20;
    private static final double HIGHEST = AudioSource.SAMPLE_RATE / 2.0;
    private static final double PREEMPHASIS = 0.97;

    /** Kaldi's floor of an energy, the epsilon of a float. */
    private static final double FLOOR = 1.1920928955078125e-7;

    private final double scale;
    private final double[] window = new double[LENGTH];
    private final RealFft fft = new RealFft(FFT);
    private final double[] frame = new double[LENGTH];
    private final double[] power = new double[FFT / 2 + 1];

    /** First bin of each filter, and its weights from there on. */
    private final int[] first = new int[BINS];

    private final double[][] weights = new double[BINS][];

    /** What a network's training differed in. */
    enum FrontEnd {
        /** WeSpeaker: samples as 16-bit numbers, a Hamming window. */
        WESPEAKER,
        /** 3D-Speaker: samples from -1 to 1, the window that Kaldi calls Povey's. */
        THREE_D_SPEAKER
    }

    KaldiFbank(FrontEnd frontEnd) {
        boolean wespeaker = frontEnd == FrontEnd.WESPEAKER;
        scale = wespeaker ? 32768 : 1;
        for (int i = 0; i < LENGTH; i++) {
            double cos = Math.cos(2 * Math.PI * i / (LENGTH - 1));
            window[i] = wespeaker ? 0.54 - 0.46 * cos : Math.pow(0.5 - 0.5 * cos, 0.85);
        }
        filters();
    }

    /** Triangles in mel, of which each reaches to the middles of its neighbours. */
    private void filters() {
        double lowest = mel(LOWEST);
        double delta = (mel(HIGHEST) - lowest) / (BINS + 1);
        for (int j = 0; j < BINS; j++) {
            double left = lowest + j * delta;
            double centre = left + delta;
            double right = centre + delta;
            int from = 0;
            int to = 0;
            double[] all = new double[FFT / 2];
            for (int k = 0; k < FFT / 2; k++) { // the bin of half the sample rate has no weight
                double mel = mel((double) k * AudioSource.SAMPLE_RATE / FFT);
                if (mel > left && mel < right) {
                    from = to == 0 ? k : from;
                    to = k + 1;
                    all[k] = mel <= centre ? (mel - left) / delta : (right - mel) / delta;
                }
            }
            first[j] = from;
            weights[j] = Arrays.copyOfRange(all, from, to);
        }
    }

    private static double mel(double hertz) {
        return 1127 * Math.log1p(hertz / 700);
    }

    /** How many whole frames so many samples have. */
    static int frames(int samples) {
        return samples < LENGTH ? 0 : 1 + (samples - LENGTH) / HOP;
    }

    /**
     * The frames of some samples.
     *
     * @param samples from -1 to 1
     * @param count how many of them count
     * @return [frames][80], one after another
     */
    float[] features(float[] samples, int count) {
        int frames = frames(count);
        float[] features = new float[frames * BINS];
        features(samples, 0, frames, features, 0);
        return features;
    }

    /**
     * Some frames.
     *
     * @param firstFrame of the samples
     * @param into takes the frames from {@code at} on, a place among frames
     */
    void features(float[] samples, int firstFrame, int frames, float[] into, int at) {
        for (int i = 0; i < frames; i++) {
            frame(samples, (firstFrame + i) * HOP, into, (at + i) * BINS);
        }
    }

    private void frame(float[] samples, int from, float[] into, int at) {
        double mean = 0;
        for (int i = 0; i < LENGTH; i++) {
            frame[i] = samples[from + i] * scale;
            mean += frame[i];
        }
        mean /= LENGTH;
        for (int i = LENGTH - 1; i >= 0; i--) {
            // Before the first sample of a frame Kaldi sees that sample itself.
            double before = samples[from + Math.max(0, i - 1)] * scale - mean;
            frame[i] = (frame[i] - mean - PREEMPHASIS * before) * window[i];
        }
        fft.power(frame, power);
        for (int j = 0; j < BINS; j++) {
            double energy = 0;
            double[] filter = weights[j];
            for (int k = 0; k < filter.length; k++) {
                energy += filter[k] * power[first[j] + k];
            }
            into[at + j] = (float) Math.log(Math.max(energy, FLOOR));
        }
    }

    /** Takes from each bin its mean over all frames. */
    static void subtractMean(float[] features) {
        int frames = features.length / BINS;
        for (int bin = 0; bin < BINS; bin++) {
            double sum = 0;
            for (int t = 0; t < frames; t++) {
                sum += features[t * BINS + bin];
            }
            float mean = (float) (sum / frames);
            for (int t = 0; t < frames; t++) {
                features[t * BINS + bin] -= mean;
            }
        }
    }
}
