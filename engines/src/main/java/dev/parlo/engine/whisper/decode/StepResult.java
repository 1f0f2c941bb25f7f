package dev.parlo.engine.whisper.decode;

import dev.parlo.engine.EngineException;
import org.jspecify.annotations.Nullable;

/**
 * What a step found after a row's last token.
 *
 * @param text the best allowed text tokens
 * @param timestamps the best allowed timestamp tokens
 * @param logits of the whole vocabulary, raw; empty unless {@link StepRow#rawLogits()} asked
 * @param probed null without a probe
 */
public record StepResult(
        Candidates text, Candidates timestamps, float[] logits, @Nullable Probed probed) {

    /**
     * Weights with a number that is not finite make every sum of a step one: without this, a
     * transcript of nonsense would be the answer.
     */
    private static void checkSum(float logSumExp) {
        if (Float.isNaN(logSumExp) || logSumExp == Float.POSITIVE_INFINITY) {
            throw new EngineException(
                    EngineException.Category.BAD_MODEL,
                    "The model's weights give numbers that are not finite. Download the model again.");
        }
    }

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

        /**
         * @throws EngineException of category BAD_MODEL where the sum is not a number
         */
        public Candidates {
            checkSum(logSumExp);
        }
    }

    /**
     * The answer to a {@link Probe}.
     *
     * @param logits raw logits of its ids
     * @param logSumExp over the whole vocabulary
     */
    public record Probed(float[] logits, float logSumExp) {
        /**
         * @throws EngineException of category BAD_MODEL where the sum is not a number
         */
        public Probed {
            checkSum(logSumExp);
        }

        /** Of one of the ids, 0 to 1. */
        public double probability(int index) {
            return Math.exp((double) logits[index] - logSumExp);
        }
    }
}
