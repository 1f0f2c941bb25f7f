package dev.parlo.engine.whisper.cuda;

/**
 * The shape of one run, with which everything is decided that it is bound to.
 *
 * @param firstSlot whose audio is read
 * @param slots consecutive ones, W
 * @param firstRow of the pool
 * @param rows consecutive ones, N; a multiple of {@code slots}
 * @param tokensPerRow S
 * @param selected how many of the N·S tokens are read out, K
 * @param candidates of each chunk, C
 * @param asked ids of each, G
 */
record StepShape(
        int firstSlot,
        int slots,
        int firstRow,
        int rows,
        int tokensPerRow,
        int selected,
        int candidates,
        int asked) {
    /** Every row of slots 0 to {@code slots}, one token each, all read out. */
    static StepShape step(RowPool pool, int slots, int candidates) {
        int rows = slots * pool.width();
        return new StepShape(pool.firstSlot(), slots, 0, rows, 1, rows, candidates, 1);
    }

    /** One row with several tokens. */
    static StepShape ofRow(int slot, int row, int tokens, int selected, int candidates, int asked) {
        return new StepShape(slot, 1, row, 1, tokens, selected, candidates, asked);
    }

    /** N·S. */
    int tokens() {
        return rows * tokensPerRow;
    }

    /** Q: tokens that share a slot's cross-attention. */
    int queriesPerSlot() {
        return tokens() / slots;
    }
}
