package dev.parlo.engine.whisper.graph;

/**
 * The shape of one run.
 *
 * @param firstWindow slot
 * @param windows consecutive slots
 * @param firstRow cache row
 * @param rows consecutive cache rows, N; a multiple of {@code windows}
 * @param tokensPerRow S
 */
record StepPlan(int firstWindow, int windows, int firstRow, int rows, int tokensPerRow) {
    /** N·S. */
    int tokens() {
        return rows * tokensPerRow;
    }

    /** Q: tokens that share a window's cross-attention. */
    int queriesPerWindow() {
        return tokens() / windows;
    }
}
