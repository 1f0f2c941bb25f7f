package dev.parlo.engine.audio;

import dev.parlo.engine.Cancellation;

/**
 * What one pass over the audio tells. Measured by reading all of it: what headers say about length
 * is a claim, and often absent. Immutable.
 *
 * @param samples how many samples of {@link AudioSource#SAMPLE_RATE} there are, at least 0
 * @param peak the largest magnitude, 0 to 1
 */
public record AudioProbe(long samples, float peak) {
    private static final int BLOCK = 1 << 14;

    /**
     * Reads {@code source} once.
     *
     * @param source opened and closed again
     * @param cancellation is asked after each block
     * @return its length and its loudest sample
     * @throws dev.parlo.engine.EngineException as {@link AudioSource#open()} and its reader, or
     *     CANCELLED
     */
    public static AudioProbe measure(AudioSource source, Cancellation cancellation) {
        float[] block = new float[BLOCK];
        long samples = 0;
        float peak = 0;
        try (AudioSource.Reader reader = source.open()) {
            for (int n = reader.read(block); n >= 0; n = reader.read(block)) {
                cancellation.check();
                samples += n;
                for (int i = 0; i < n; i++) {
                    peak = Math.max(peak, Math.abs(block[i]));
                }
            }
        }
        return new AudioProbe(samples, peak);
    }

    /** {@return how long the audio is} */
    public double durationSeconds() {
        return (double) samples / AudioSource.SAMPLE_RATE;
    }
}
