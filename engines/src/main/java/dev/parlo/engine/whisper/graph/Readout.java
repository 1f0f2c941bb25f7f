package dev.parlo.engine.whisper.graph;

import dev.parlo.engine.whisper.decode.StepRow;
import java.util.ArrayList;
import java.util.List;

/**
 * What of a run is read: first the last token of each row, then every token whose raw logits
 * somebody wants.
 *
 * @param rows as asked
 * @param select positions among the run's N·S tokens; entry i belongs to row i, then the extra ones
 *     follow
 * @param logitsOf for each row the entries of {@code select} that its raw logits come from
 * @param candidates the most that any row wants, at least 1
 */
record Readout(List<StepRow> rows, long[] select, List<int[]> logitsOf, int candidates) {
    /** Finds the cache row of a row of a window. */
    interface CacheRows {
        int index(int window, int row);
    }

    static Readout of(List<StepRow> rows, StepPlan plan, CacheRows cacheRows) {
        List<Long> select = new ArrayList<>();
        int candidates = 1;
        for (StepRow row : rows) {
            select.add(first(row, plan, cacheRows) + plan.tokensPerRow() - 1);
            candidates = Math.max(candidates, row.candidates());
        }
        List<int[]> logitsOf = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            StepRow row = rows.get(i);
            int[] entries = new int[row.logitsAt().length];
            for (int j = 0; j < entries.length; j++) {
                if (row.logitsAt()[j] == plan.tokensPerRow() - 1) {
                    entries[j] = i;
                } else {
                    entries[j] = select.size();
                    select.add(first(row, plan, cacheRows) + row.logitsAt()[j]);
                }
            }
            logitsOf.add(entries);
        }
        return new Readout(
                rows, select.stream().mapToLong(Long::longValue).toArray(), logitsOf, candidates);
    }

    private static long first(StepRow row, StepPlan plan, CacheRows cacheRows) {
        return (long) (cacheRows.index(row.window(), row.row()) - plan.firstRow())
                * plan.tokensPerRow();
    }

    boolean wantsLogits() {
        return logitsOf.stream().anyMatch(entries -> entries.length > 0);
    }

    /** The row whose masks an entry of {@code select} uses. */
    StepRow rowOf(int entry) {
        return entry < rows.size() ? rows.get(entry) : rows.getFirst();
    }
}
