package dev.parlo.engine.whisper.decode;

import java.util.List;

/**
 * Work of the decoder on one window as a state machine that asks for steps and never runs one, nor
 * knows where the window lies. Used by one thread at a time.
 */
public interface WindowDecoder {
    /** Cache rows that it keeps side by side at most, at least 1. */
    int rows();

    boolean isDone();

    /** The rows that the next step must run; only while not done. */
    List<StepRow> nextRows();

    /**
     * Takes the answers to {@link #nextRows()}, in its order.
     *
     * @return cache rows to copy before the next step; no row is both read and written
     */
    List<RowCopy> accept(List<StepResult> results);

    /** A prefix of a cache row that another row continues too. */
    record RowCopy(int from, int to, int length) {}
}
