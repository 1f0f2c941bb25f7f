package dev.parlo.benchmarks;

/** An engine whose parts are timed. One thread uses it. */
public interface Subject extends AutoCloseable {
    /** In the tables. */
    String name();

    /** Encodes a window, cross-attention keys and values included, the spectrogram not. */
    void encode();

    /** Decodes a prompt of {@code tokens} into an empty cache, up to the last token's logits. */
    void prefill(int tokens);

    /**
     * Decodes one token of each of {@code rows} hypotheses, after {@code position} tokens of each.
     */
    void step(int rows, int position);

    @Override
    void close();
}
