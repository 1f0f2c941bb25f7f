package dev.parlo.engine.whisper.decode;

import java.util.List;

/**
 * Runs one decoder step for rows of any windows; knows nothing of requests, search or rules. Every
 * row is computed by itself: which others run beside it never changes its result. Not thread-safe:
 * one driver owns it.
 *
 * <p>Self-attention caches are static: {@code windows × rowsPerWindow} rows of {@code positions}
 * tokens. Cross-attention keys and values belong to a window's slot and are written by {@link
 * WindowEncoder}.
 */
public interface DecoderStep extends AutoCloseable {
    /** Window slots. */
    int windows();

    /** Cache rows of each window. */
    int rowsPerWindow();

    /** Token positions of each row: 448. */
    int positions();

    /** Tokens in the vocabulary. */
    int vocabularySize();

    /** Runs the rows, each at most once in the list, and answers in the same order. */
    List<StepResult> run(List<StepRow> rows);

    /** Copies the first {@code length} cached tokens of a row over another of the same window. */
    void copyRow(int window, int fromRow, int toRow, int length);

    /**
     * Runs tokens without any mask, as one teacher-forced pass over the window, and hands back what
     * alignment needs. Uses (and destroys) the cache of row 0.
     *
     * @param tokens the whole decoder input
     */
    Alignment align(int window, int[] tokens);

    /**
     * Attention of the alignment heads.
     *
     * @param heads how many
     * @param scores raw scaled scores before softmax, {@code [heads, tokens, 1500]} flattened;
     *     layers in order, heads as listed
     * @param logits raw logits after each token, {@code [tokens][vocabulary]}
     */
    record Alignment(int heads, float[] scores, float[][] logits) {}

    @Override
    void close();
}
