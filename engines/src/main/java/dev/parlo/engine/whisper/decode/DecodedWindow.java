package dev.parlo.engine.whisper.decode;

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

    static DecodedWindow of(Hypothesis best, double lengthPenalty, double noSpeechProbability) {
        return new DecodedWindow(
                best.tokens(),
                best.logProbabilities(),
                best.normalisedScore(lengthPenalty),
                best.score() / (best.tokens().length + 1),
                noSpeechProbability);
    }
}
