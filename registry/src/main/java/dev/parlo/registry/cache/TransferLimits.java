package dev.parlo.registry.cache;

/**
 * How much is fetched at once.
 *
 * @param filesAtOnce files of one model
 * @param rangesAtOnce ranges of one large file
 * @param rangeBytes length of a range; files longer than two of them are fetched in ranges
 */
record TransferLimits(int filesAtOnce, int rangesAtOnce, long rangeBytes) {
    /** Eight files as huggingface_hub, four ranges of 16 MiB. */
    static TransferLimits standard() {
        return new TransferLimits(8, 4, 16L << 20);
    }
}
