package dev.parlo.engine.whisper.cpu;

import dev.parlo.engine.whisper.decode.Probe;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What of a run is read: the last token of each row, to choose in, then the tokens that are probed.
 *
 * @param rows as asked; entry i of {@code select} belongs to row i
 * @param select positions among the run's N·S tokens
 * @param probes the rows that have a probe, in the order of the entries behind the rows'
 * @param probeIds what each of them asks for, filled up to the same length
 * @param vocabulary the probes' sums are over the ids below this one
 * @param candidates the most that any row asks for, at least 1
 */
record Readout(
        List<PlacedRow> rows,
        long[] select,
        List<Integer> probes,
        long[][] probeIds,
        int vocabulary,
        int candidates) {

    /** What rows of a step ask for. */
    static Readout of(List<PlacedRow> rows, StepPlan plan, int vocabulary) {
        List<Long> select = new ArrayList<>();
        List<Integer> probes = new ArrayList<>();
        int candidates = 1;
        int longest = 0;
        for (PlacedRow placed : rows) {
            select.add(first(placed, plan) + plan.tokensPerRow() - 1);
            candidates = Math.max(candidates, placed.row().candidates());
        }
        for (int i = 0; i < rows.size(); i++) {
            Probe probe = rows.get(i).row().probe();
            if (probe != null) {
                select.add(first(rows.get(i), plan) + probe.at());
                probes.add(i);
                longest = Math.max(longest, probe.ids().length);
            }
        }
        long[][] ids = new long[probes.size()][longest];
        for (int i = 0; i < ids.length; i++) {
            Probe probe = rows.get(probes.get(i)).row().probe();
            if (probe != null) {
                for (int j = 0; j < probe.ids().length; j++) {
                    ids[i][j] = probe.ids()[j]; // the rest asks for id 0, and is not read
                }
            }
        }
        return new Readout(rows, longs(select), probes, ids, vocabulary, candidates);
    }

    /** The probability of each token of a text, where the token before it was fed. */
    static Readout ofText(
            PlacedRow row, int[] tokens, int textStart, int textLength, int vocabulary) {
        long[] select = new long[1 + textLength];
        select[0] = tokens.length - 1L; // an index must be given; the result is not read
        long[][] ids = new long[textLength][1];
        for (int i = 0; i < textLength; i++) {
            select[1 + i] = textStart + i - 1L;
            ids[i][0] = tokens[textStart + i];
        }
        List<Integer> probes = IntStream.range(0, textLength).mapToObj(i -> 0).toList();
        return new Readout(List.of(row), select, probes, ids, vocabulary, 1);
    }

    private static long first(PlacedRow placed, StepPlan plan) {
        return (long) (placed.index() - plan.firstRow()) * plan.tokensPerRow();
    }

    private static long[] longs(List<Long> values) {
        return values.stream().mapToLong(Long::longValue).toArray();
    }

    boolean wantsLogits() {
        return rows.stream().anyMatch(placed -> placed.row().rawLogits());
    }

    /** Ids that each probe asks for, 0 without probes. */
    int idsPerProbe() {
        return probeIds.length == 0 ? 0 : probeIds[0].length;
    }
}
