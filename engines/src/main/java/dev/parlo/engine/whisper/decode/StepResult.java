package dev.parlo.engine.whisper.decode;

/**
 * What a step found after a row's last token.
 *
 * @param text the best allowed text tokens
 * @param timestamps the best allowed timestamp tokens
 * @param logits one array of vocabulary size per entry of {@link StepRow#logitsAt()}: raw, unmasked
 */
public record StepResult(Candidates text, Candidates timestamps, float[][] logits) {

    /**
     * The best of one zone of the vocabulary, best first; ties go to the lower id. Banned ids show
     * with a logit of about -1e30.
     *
     * @param ids token ids (timestamps as ids of the vocabulary, not as offsets)
     * @param logits raw logits of {@code ids}
     * @param logSumExp over every allowed id of the zone; about -1e30 when none is allowed
     */
    public record Candidates(int[] ids, float[] logits, float logSumExp) {
        /** Of a row that asked for no candidates. */
        public static final Candidates NONE =
                new Candidates(new int[0], new float[0], Float.NEGATIVE_INFINITY);
    }
}
