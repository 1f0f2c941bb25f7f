package dev.parlo.engine.whisper.network;

import dev.parlo.engine.whisper.decode.StepResult;
import dev.parlo.engine.whisper.decode.WindowDecoder.RowCopy;
import java.util.List;

/**
 * Runs one decoder step for rows of any windows; knows nothing of requests, search or rules. Every
 * row is computed by itself: which others run beside it never changes its result.
 *
 * <p>Cross-attention keys and values belong to a window's slot and are written by {@link
 * WindowEncoder}. Self-attention caches are rows of 448 tokens, kept for each slot and width apart:
 * a greedy search never pays for the rows of a beam search beside it.
 */
public interface DecoderStep extends AutoCloseable {
    /** Window slots. */
    int slots();

    /** Token positions of each row: 448. */
    int positions();

    /** Tokens in the vocabulary. */
    int vocabularySize();

    /**
     * Does what the first step would have to, on the thread that will run the steps.
     *
     * @throws dev.parlo.engine.EngineException of category NO_SPACE or DEVICE_LOST
     */
    default void warmUp() {}

    /**
     * Runs the rows of windows, each slot at most once in the list, and answers in the same order.
     */
    List<List<StepResult>> run(List<WindowStep> windows);

    /** Copies the first tokens of a row over another of the same window. */
    void copyRow(int slot, int width, RowCopy copy);

    /** Aligns a text with the audio of a slot. What the slot's rows of width 1 held is lost. */
    Alignment align(int slot, AlignmentTask task);

    /** A slot's window is done with: nothing that its rows hold is needed any more. */
    void release(int slot);

    @Override
    void close();
}
