package dev.parlo.engine.whisper.decode;

import java.util.List;

/**
 * The decoding of one window as a state machine that asks for steps and never runs one. Used by one
 * thread.
 */
public interface WindowDecoder {
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
    record RowCopy(int window, int from, int to, int length) {}
}
