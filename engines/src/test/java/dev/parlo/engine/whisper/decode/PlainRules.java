package dev.parlo.engine.whisper.decode;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** CTranslate2's logit processors one after the other on an array of all logits. */
final class PlainRules {
    private static final double LOWEST = -1e30;

    int endOfText;
    int noTimestamps;
    int size;
    boolean timestamps;
    int maxInitial = 50;
    double penalty = 1;
    int ngram;
    Set<Integer> suppressed = Set.of();
    Set<Integer> suppressedAtBegin = Set.of();

    PlainRules(TokenIds ids) {
        endOfText = ids.endOfText();
        noTimestamps = ids.noTimestamps();
        size = ids.vocabularySize();
    }

    double[] logProbabilities(float[] logits, List<Integer> seq, int begin) {
        double[] z = new double[size];
        for (int i = 0; i < size; i++) {
            z[i] = logits[i];
        }
        for (int id : new HashSet<>(seq)) {
            z[id] = z[id] < 0 ? z[id] * penalty : z[id] / penalty;
        }
        if (ngram > 0) {
            for (int i = 0; i + ngram <= seq.size(); i++) {
                List<Integer> head = seq.subList(i, i + ngram - 1);
                List<Integer> tail = seq.subList(seq.size() - ngram + 1, seq.size());
                if (head.equals(tail)) {
                    z[seq.get(i + ngram - 1)] = LOWEST;
                }
            }
        }
        for (int id : suppressed) {
            z[id] = LOWEST;
        }
        int step = seq.size();
        if (step == begin) {
            for (int id : suppressedAtBegin) {
                z[id] = LOWEST;
            }
        }
        if (timestamps) {
            applyTimestamps(z, seq, begin);
        }
        double total = logSumExp(z, 0, size);
        for (int i = 0; i < size; i++) {
            z[i] -= total;
        }
        return z;
    }

    private void applyTimestamps(double[] z, List<Integer> seq, int begin) {
        int tsBegin = noTimestamps + 1;
        int step = seq.size();
        z[noTimestamps] = LOWEST;
        if (step == 0) {
            ban(z, 0, tsBegin);
            ban(z, Math.min(size, tsBegin + maxInitial + 1), size);
            return;
        }
        if (step <= begin) {
            return;
        }
        int last = seq.get(step - 1);
        if (last >= tsBegin) {
            int penultimate = step - 1 > begin ? seq.get(step - 2) : last;
            if (penultimate >= tsBegin) {
                ban(z, tsBegin, size);
                return;
            }
            ban(z, 0, endOfText);
            ban(z, tsBegin, last);
        } else {
            for (int i = step - 1; i >= begin; i--) {
                if (seq.get(i) >= tsBegin) {
                    ban(z, tsBegin, seq.get(i) + 1);
                    break;
                }
            }
        }
        double bestText = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < tsBegin; i++) {
            bestText = Math.max(bestText, z[i]);
        }
        if (logSumExp(z, tsBegin, size) > bestText) {
            ban(z, 0, tsBegin);
        }
    }

    private static void ban(double[] z, int from, int to) {
        for (int i = from; i < to; i++) {
            z[i] = LOWEST;
        }
    }

    private static double logSumExp(double[] z, int from, int to) {
        double max = LOWEST;
        for (int i = from; i < to; i++) {
            max = Math.max(max, z[i]);
        }
        double sum = 0;
        for (int i = from; i < to; i++) {
            sum += Math.exp(z[i] - max);
        }
        return max + Math.log(sum);
    }
}
