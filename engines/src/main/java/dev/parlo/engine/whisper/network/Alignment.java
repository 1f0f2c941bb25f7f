package dev.parlo.engine.whisper.network;

/**
 * Where the alignment heads listen while a text is said, and how likely the text is.
 *
 * @param heads how many
 * @param scores raw scaled scores before softmax, {@code [heads, tokens, positions]} flattened;
 *     layers in order, heads as listed; positions are those the window was encoded with
 * @param logProbabilities of each token of the text
 */
public record Alignment(int heads, float[] scores, float[] logProbabilities) {}
