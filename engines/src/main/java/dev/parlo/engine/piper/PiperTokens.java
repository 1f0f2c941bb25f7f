package dev.parlo.engine.piper;

import java.util.ArrayList;
import java.util.List;

/**
 * The numbers of a sentence: start, pad, then each phoneme's numbers and a pad, end.
 *
 * @param phonemes the phonemes that the model knows, others left out
 * @param ids what goes into the model
 * @param lastIds for each phoneme the index of the last number that belongs to it
 */
record PiperTokens(String phonemes, int[] ids, int[] lastIds) {
    private static final List<Integer> NONE = List.of();

    static PiperTokens of(String phonemes, PiperConfig config) {
        List<Integer> ids = new ArrayList<>(config.ids().getOrDefault("^", NONE));
        List<Integer> pad = config.ids().getOrDefault("_", NONE);
        ids.addAll(pad);
        StringBuilder known = new StringBuilder();
        List<Integer> last = new ArrayList<>();
        for (int phoneme : phonemes.codePoints().toArray()) {
            String symbol = Character.toString(phoneme);
            String mapped = config.remapped().getOrDefault(symbol, symbol);
            boolean any = false;
            for (int part : mapped.codePoints().toArray()) {
                List<Integer> numbers = config.ids().get(Character.toString(part));
                if (numbers != null) {
                    ids.addAll(numbers);
                    ids.addAll(pad);
                    any = true;
                }
            }
            if (any) {
                known.appendCodePoint(phoneme);
                last.add(ids.size() - 1);
            }
        }
        ids.addAll(config.ids().getOrDefault("$", NONE));
        return new PiperTokens(
                known.toString(),
                ids.stream().mapToInt(Integer::intValue).toArray(),
                last.stream().mapToInt(Integer::intValue).toArray());
    }

    /** Where phonemes end in seconds, after an entry for where the first begins. */
    double[] ends(double[] durations, double seconds) {
        double[] sums = new double[durations.length];
        double total = 0;
        for (int i = 0; i < durations.length; i++) {
            total += durations[i];
            sums[i] = total;
        }
        double[] ends = new double[lastIds.length + 1];
        ends[0] = sums[Math.min(1, sums.length - 1)] / total * seconds;
        for (int i = 0; i < lastIds.length; i++) {
            ends[i + 1] = sums[lastIds[i]] / total * seconds;
        }
        return ends;
    }
}
