package dev.parlo.engine.vad;

/**
 * How periodic 64 ms are, at the pitch of a voice: the highest autocorrelation between 60 and 400
 * Hz, as a part of the energy. Not thread-safe.
 */
final class Periodicity {
    private static final int FIRST_LAG = 40;
    private static final int END_LAG = 267;

    private double strength;
    private int lag;

    /**
     * @param samples 1,024 values at 16 kHz
     */
    void measure(double[] samples) {
        double energy = correlation(samples, 0) + 1e-6;
        strength = Double.NEGATIVE_INFINITY;
        for (int i = FIRST_LAG; i < END_LAG; i++) {
            // Fewer products are summed for a longer lag.
            double share = 1 - (double) i / samples.length;
            double value = correlation(samples, i) / energy / share;
            if (value > strength) {
                strength = value;
                lag = i;
            }
        }
    }

    /** Four sums side by side, which the processor adds at once; one would wait for itself. */
    private static double correlation(double[] samples, int lag) {
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        int i = lag;
        for (; i + 3 < samples.length; i += 4) {
            a += samples[i] * samples[i - lag];
            b += samples[i + 1] * samples[i + 1 - lag];
            c += samples[i + 2] * samples[i + 2 - lag];
            d += samples[i + 3] * samples[i + 3 - lag];
        }
        for (; i < samples.length; i++) {
            a += samples[i] * samples[i - lag];
        }
        return a + b + c + d;
    }

    /** About 1 for a steady vowel or a tone, about 0 for noise. */
    double strength() {
        return strength;
    }

    /** Samples of a period. */
    int lag() {
        return lag;
    }
}
