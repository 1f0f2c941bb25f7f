package dev.parlo.engine.whisper.decode;

import java.util.random.RandomGenerator;

/** How a hypothesis that competes with no other goes on. */
sealed interface TokenChoice {
    /** The likeliest token. */
    record Best() implements TokenChoice {}

    /**
     * A token drawn from the distribution sharpened or flattened by a temperature.
     *
     * @param temperature above 0
     */
    record Sampling(double temperature, RandomGenerator random) implements TokenChoice {
        int draw(float[] logProbabilities) {
            float max = Float.NEGATIVE_INFINITY;
            for (float value : logProbabilities) {
                max = Math.max(max, value);
            }
            double total = 0;
            for (float value : logProbabilities) {
                total += Math.exp((value - max) / temperature);
            }
            double left = random.nextDouble() * total;
            int drawn = -1;
            for (int id = 0; id < logProbabilities.length; id++) {
                double weight = Math.exp((logProbabilities[id] - max) / temperature);
                if (weight > 0) {
                    drawn = id;
                    left -= weight;
                    if (left < 0) {
                        break;
                    }
                }
            }
            return drawn;
        }
    }
}
