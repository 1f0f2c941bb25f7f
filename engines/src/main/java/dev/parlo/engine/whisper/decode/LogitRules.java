package dev.parlo.engine.whisper.decode;

import dev.parlo.engine.whisper.decode.TimestampRules.Constraint;
import dev.parlo.engine.whisper.decode.TimestampRules.TextBan;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * All rules on a row's next token, in CTranslate2's order: repetition penalty, repeated n-grams,
 * suppressed ids, timestamps.
 *
 * <p>Suppressed ids and timestamps are masks that the step applies itself; the log-sum-exps of both
 * zones then suffice for exact probabilities. The first two rules need the raw logits of a row,
 * which {@link #needsLogits()} says. Immutable.
 */
public final class LogitRules {
    /** What a banned token's logit becomes. */
    static final float BANNED = -1e30f;

    private final TokenIds ids;
    private final SuppressRules suppress;
    private final @Nullable TimestampRules timestamps;
    private final float repetitionPenalty;
    private final int noRepeatNgramSize;

    /**
     * @param suppress made with the same {@code withTimestamps}
     * @param withTimestamps whether the timestamp rules hold
     * @param maxInitialTimestamp highest first timestamp, in steps of 20 ms
     * @param repetitionPenalty 1 for none
     * @param noRepeatNgramSize 0 for none
     */
    public LogitRules(
            TokenIds ids,
            SuppressRules suppress,
            boolean withTimestamps,
            int maxInitialTimestamp,
            double repetitionPenalty,
            int noRepeatNgramSize) {
        this.ids = ids;
        this.suppress = suppress;
        timestamps = withTimestamps ? new TimestampRules(ids, maxInitialTimestamp) : null;
        this.repetitionPenalty = (float) repetitionPenalty;
        this.noRepeatNgramSize = noRepeatNgramSize;
    }

    TokenIds ids() {
        return ids;
    }

    /** Whether a row must hand back its raw logits instead of its best candidates. */
    boolean needsLogits() {
        return repetitionPenalty != 1 || noRepeatNgramSize > 0 || suppress.bansTimestamps();
    }

    Constraint constraint(int[] tokens, int begin) {
        return timestamps == null
                ? new Constraint(TextBan.NONE, 0, ids.timestamps(), false)
                : timestamps.after(tokens, begin);
    }

    TokenMask mask(Constraint constraint, int[] tokens, int begin) {
        return suppress.mask(constraint.text(), tokens.length == begin);
    }

    /** Ranks what the step found with the constraint and mask that its row carried. */
    Ranking rank(StepResult result, Constraint constraint, int count) {
        StepResult.Candidates text = result.text();
        StepResult.Candidates times = result.timestamps();
        if (constraint.dominance() && times.logSumExp() > text.logits()[0]) {
            return Ranking.merge(times, StepResult.Candidates.NONE, times.logSumExp(), count);
        }
        float logSumExp = (float) logAdd(text.logSumExp(), times.logSumExp());
        return Ranking.merge(text, times, logSumExp, count);
    }

    /**
     * Log-probabilities of every token, from raw logits.
     *
     * @param logits of the whole vocabulary; overwritten and returned
     */
    float[] logProbabilities(float[] logits, int[] tokens, int begin) {
        penaliseRepetition(logits, tokens);
        banRepeatedNgrams(logits, tokens);
        Constraint constraint = constraint(tokens, begin);
        TokenMask mask = mask(constraint, tokens, begin);
        int timestampBegin = ids.timestampBegin();
        float bestText = BANNED;
        for (int id = 0; id < timestampBegin; id++) {
            if (mask.isBanned(id)) {
                logits[id] = BANNED;
            }
            bestText = Math.max(bestText, logits[id]);
        }
        for (int id = timestampBegin; id < logits.length; id++) {
            int offset = id - timestampBegin;
            if (offset < constraint.firstTimestamp()
                    || offset >= constraint.endTimestamp()
                    || suppress.bansTimestamp(id)) {
                logits[id] = BANNED;
            }
        }
        double timesLogSumExp = logSumExp(logits, timestampBegin, logits.length);
        double logSumExp = timesLogSumExp;
        if (constraint.dominance() && timesLogSumExp > bestText) {
            Arrays.fill(logits, 0, timestampBegin, BANNED);
        } else {
            logSumExp = logAdd(logSumExp(logits, 0, timestampBegin), timesLogSumExp);
        }
        for (int id = 0; id < logits.length; id++) {
            logits[id] = (float) (logits[id] - logSumExp);
        }
        return logits;
    }

    /** Each id counts once, however often it came. */
    private void penaliseRepetition(float[] logits, int[] tokens) {
        if (repetitionPenalty == 1) {
            return;
        }
        float[] original = new float[tokens.length];
        for (int i = 0; i < tokens.length; i++) {
            original[i] = logits[tokens[i]];
        }
        for (int i = 0; i < tokens.length; i++) {
            float logit = original[i];
            logits[tokens[i]] = logit < 0 ? logit * repetitionPenalty : logit / repetitionPenalty;
        }
    }

    private void banRepeatedNgrams(float[] logits, int[] tokens) {
        int size = noRepeatNgramSize;
        if (size <= 0) {
            return;
        }
        int tail = tokens.length - (size - 1);
        for (int start = 0; start + size <= tokens.length; start++) {
            boolean same = true;
            for (int i = 0; i < size - 1 && same; i++) {
                same = tokens[start + i] == tokens[tail + i];
            }
            if (same) {
                logits[tokens[start + size - 1]] = BANNED;
            }
        }
    }

    static double logSumExp(float[] values, int from, int to) {
        float max = BANNED;
        for (int i = from; i < to; i++) {
            max = Math.max(max, values[i]);
        }
        double sum = 0;
        for (int i = from; i < to; i++) {
            sum += Math.exp((double) values[i] - max);
        }
        return max + Math.log(sum);
    }

    private static double logAdd(double a, double b) {
        double high = Math.max(a, b);
        return high + Math.log1p(Math.exp(Math.min(a, b) - high));
    }
}
