package dev.parlo.engine.speech;

/** Arithmetic on samples. */
public final class Samples {
    private Samples() {}

    /** Multiplies by a factor and clips to [-1, 1], in place. */
    public static void amplify(float[] samples, double factor) {
        for (int i = 0; i < samples.length; i++) {
            samples[i] = Math.clamp((float) (samples[i] * factor), -1f, 1f);
        }
    }

    /** The largest absolute value. */
    public static double peak(float[] samples) {
        float peak = 0;
        for (float sample : samples) {
            peak = Math.max(peak, Math.abs(sample));
        }
        return peak;
    }
}
