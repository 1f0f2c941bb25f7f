package dev.parlo.engine.whisper.network;

/**
 * Where the alignment heads listen while a text is said, and how likely the text is.
 *
 * @param heads how many
 * @param scores raw scaled scores before softmax, {@code [heads, tokens, 1500]} flattened; layers
 *     in order, heads as listed
 * @param logProbabilities of each token of the text
 */
public record Alignment(int heads, float[] scores, float[] logProbabilities) {}
