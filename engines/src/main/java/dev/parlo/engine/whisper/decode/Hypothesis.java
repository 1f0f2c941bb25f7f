package dev.parlo.engine.whisper.decode;

import java.util.Arrays;

/**
 * Tokens written so far and how likely they are. Immutable.
 *
 * @param tokens forced ones included, end of text not
 * @param logProbabilities of each; 0 for forced ones
 * @param score sum of the log-probabilities, that of end of text included once it ended
 */
record Hypothesis(int[] tokens, float[] logProbabilities, double score) {
    static Hypothesis forced(int[] tokens) {
        return new Hypothesis(tokens, new float[tokens.length], 0);
    }

    Hypothesis append(int token, float logProbability) {
        int length = tokens.length;
        int[] longer = Arrays.copyOf(tokens, length + 1);
        float[] values = Arrays.copyOf(logProbabilities, length + 1);
        longer[length] = token;
        values[length] = logProbability;
        return new Hypothesis(longer, values, score + logProbability);
    }

    Hypothesis end(float logProbability) {
        return new Hypothesis(tokens, logProbabilities, score + logProbability);
    }

    int last() {
        return tokens[tokens.length - 1];
    }

    double normalisedScore(double lengthPenalty) {
        return score / Math.pow(Math.max(1, tokens.length), lengthPenalty);
    }
}
