package dev.parlo.engine.whisper.graph;

/**
 * Where the table of token embeddings lies in the decoder's weights, which a step reads itself.
 *
 * @param values offset of the rows
 * @param scales offset of the scales of 8-bit rows
 * @param block columns per scale, 0 for float rows
 */
public record EmbeddingLayout(long values, long scales, int block) {
    /** What the stored byte of a zero is in 8-bit rows. */
    public static final int ZERO = 128;
}
