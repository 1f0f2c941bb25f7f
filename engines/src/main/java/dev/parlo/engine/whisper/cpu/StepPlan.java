package dev.parlo.engine.whisper.cpu;

/**
 * The shape of one run.
 *
 * @param firstSlot whose audio is read
 * @param slots consecutive ones, W
 * @param firstRow cache row
 * @param rows consecutive cache rows, N; a multiple of {@code slots}
 * @param tokensPerRow S
 */
record StepPlan(int firstSlot, int slots, int firstRow, int rows, int tokensPerRow) {
    /** N·S. */
    int tokens() {
        return rows * tokensPerRow;
    }

    /** Q: tokens that share a slot's cross-attention. */
    int queriesPerSlot() {
        return tokens() / slots;
    }
}
