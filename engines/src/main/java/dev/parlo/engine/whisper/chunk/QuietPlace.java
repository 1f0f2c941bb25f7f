package dev.parlo.engine.whisper.chunk;

import dev.parlo.engine.audio.AudioSource;

/**
 * Where audio that goes on without a pause is cut: in the quietest tenth of a second near the end,
 * which hardly ever is inside a word.
 */
final class QuietPlace {
    private static final int STEP = AudioSource.SAMPLE_RATE / 100;
    private static final int QUIET_STEPS = 10;

    /** Samples before the latest place to cut at in which a better one is looked for. */
    private static final int SEARCHED = 5 * AudioSource.SAMPLE_RATE;

    private QuietPlace() {}

    /**
     * @param samples more than {@code latest}
     * @param latest most samples before the cut
     * @return samples before the cut, at least one
     */
    static int before(int latest, float[] samples) {
        int earliest = latest - Math.min(SEARCHED, latest / 2);
        double[] steps = new double[(latest - earliest) / STEP];
        for (int step = 0; step < steps.length; step++) {
            for (int i = earliest + step * STEP; i < earliest + (step + 1) * STEP; i++) {
                steps[step] += samples[i] * (double) samples[i];
            }
        }
        int best = latest;
        double quietest = Double.POSITIVE_INFINITY;
        for (int step = 0; step + QUIET_STEPS <= steps.length; step++) {
            double energy = 0;
            for (int i = step; i < step + QUIET_STEPS; i++) {
                energy += steps[i];
            }
            // The last one of several: the longer the chunk, the fewer there are.
            if (energy <= quietest) {
                quietest = energy;
                best = earliest + step * STEP + QUIET_STEPS * STEP / 2;
            }
        }
        return best;
    }
}
