package dev.parlo.engine.whisper.decode;

import java.util.List;

/**
 * The answer of a search for one window.
 *
 * @param tokens without the prompt and without end of text; a forced prefix is part of it
 * @param logProbabilities of each token, 0 for forced ones
 * @param score sum of log-probabilities (end of text included) over length to the power of the
 *     length penalty
 * @param averageLogProbability that sum over the number of tokens, end of text counted
 * @param noSpeechProbability of {@code <|nospeech|>} after the start of the transcript, 0 to 1
 */
public record DecodedWindow(
        int[] tokens,
        float[] logProbabilities,
        double score,
        double averageLogProbability,
        double noSpeechProbability) {

    /**
     * The best of the hypotheses that are at their end, of equal ones the first.
     *
     * @param finished at least one
     */
    static DecodedWindow best(
            List<Hypothesis> finished, double lengthPenalty, double noSpeechProbability) {
        Hypothesis best = finished.getFirst();
        for (Hypothesis other : finished) {
            if (other.normalisedScore(lengthPenalty) > best.normalisedScore(lengthPenalty)) {
                best = other;
            }
        }
        return new DecodedWindow(
                best.tokens(),
                best.logProbabilities(),
                best.normalisedScore(lengthPenalty),
                best.score() / (best.tokens().length + 1),
                noSpeechProbability);
    }
}
