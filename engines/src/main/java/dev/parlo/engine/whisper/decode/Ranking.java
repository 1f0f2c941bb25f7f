package dev.parlo.engine.whisper.decode;

/**
 * The likeliest next tokens of a row after all rules, best first, ties by the lower id.
 *
 * @param ids token ids
 * @param logProbabilities of each, over all tokens that the rules allow; about -1e30 for a banned
 *     one
 */
record Ranking(int[] ids, float[] logProbabilities) {
    /** Merges two zones of the vocabulary, the second of higher ids than the first. */
    static Ranking merge(
            StepResult.Candidates low, StepResult.Candidates high, float logSumExp, int count) {
        int size = Math.min(count, low.ids().length + high.ids().length);
        int[] ids = new int[size];
        float[] logProbabilities = new float[size];
        int i = 0;
        int j = 0;
        for (int k = 0; k < size; k++) {
            boolean takeLow =
                    j >= high.ids().length
                            || (i < low.ids().length && low.logits()[i] >= high.logits()[j]);
            ids[k] = takeLow ? low.ids()[i] : high.ids()[j];
            float logit = takeLow ? low.logits()[i++] : high.logits()[j++];
            logProbabilities[k] = logit - logSumExp;
        }
        return new Ranking(ids, logProbabilities);
    }

    /** The best of log-probabilities over the whole vocabulary. */
    static Ranking of(float[] logProbabilities, int most) {
        int count = Math.min(most, logProbabilities.length);
        int[] ids = new int[count];
        float[] best = new float[count];
        int filled = 0;
        for (int id = 0; id < logProbabilities.length; id++) {
            float value = logProbabilities[id];
            if (filled == count && value <= best[count - 1]) {
                continue;
            }
            int at = filled < count ? filled++ : count - 1;
            while (at > 0 && best[at - 1] < value) {
                best[at] = best[at - 1];
                ids[at] = ids[at - 1];
                at--;
            }
            best[at] = value;
            ids[at] = id;
        }
        return new Ranking(ids, best);
    }
}
