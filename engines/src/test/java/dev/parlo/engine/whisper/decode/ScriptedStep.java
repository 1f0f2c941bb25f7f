package dev.parlo.engine.whisper.decode;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntSupplier;
import java.util.stream.IntStream;

/**
 * A decoder whose logits are a function of the window and of all tokens that its row's cache holds.
 * It keeps the caches as lists of tokens, so a wrong row, position or copy shows as wrong logits or
 * fails at once.
 */
public final class ScriptedStep implements DecoderStep {
    /** Answers raw logits of the whole vocabulary. */
    public interface Script {
        float[] logits(int window, List<Integer> tokens);
    }

    private final int windows;
    private final int rows;
    private final TokenIds ids;
    private final Script script;
    private final IntSupplier textEnd;
    private final List<List<Integer>> caches = new ArrayList<>();
    private int steps;

    public ScriptedStep(int windows, int rows, TokenIds ids, Script script) {
        this(windows, rows, ids, script, () -> 0);
    }

    /**
     * @param textEnd encoder position at which the text that is aligned ends
     */
    public ScriptedStep(int windows, int rows, TokenIds ids, Script script, IntSupplier textEnd) {
        this.textEnd = textEnd;
        this.windows = windows;
        this.rows = rows;
        this.ids = ids;
        this.script = script;
        for (int i = 0; i < windows * rows; i++) {
            caches.add(new ArrayList<>());
        }
    }

    public int steps() {
        return steps;
    }

    @Override
    public int windows() {
        return windows;
    }

    @Override
    public int rowsPerWindow() {
        return rows;
    }

    @Override
    public int positions() {
        return 448;
    }

    @Override
    public int vocabularySize() {
        return ids.vocabularySize();
    }

    @Override
    public List<StepResult> run(List<StepRow> stepRows) {
        steps++;
        Set<Integer> seen = new HashSet<>();
        List<StepResult> results = new ArrayList<>();
        for (StepRow row : stepRows) {
            int index = row.window() * rows + row.row();
            if (!seen.add(index)) {
                throw new AssertionError("row " + index + " twice in one step");
            }
            results.add(run(row, caches.get(index)));
        }
        return results;
    }

    @Override
    public void copyRow(int window, int fromRow, int toRow, int length) {
        List<Integer> from = caches.get(window * rows + fromRow);
        if (from.size() != length) {
            throw new AssertionError("copies " + length + " of " + from.size() + " tokens");
        }
        caches.set(window * rows + toRow, new ArrayList<>(from));
    }

    @Override
    public Alignment align(int window, int[] tokens) {
        float[] scores = new float[tokens.length * 1500];
        for (int t = 0; t < tokens.length; t++) {
            for (int position = 0; position < 1500; position++) {
                boolean before = position < textEnd.getAsInt();
                scores[t * 1500 + position] = before == t < tokens.length - 2 ? 10 : 0;
            }
        }
        return new Alignment(1, scores, new float[tokens.length][ids.vocabularySize()]);
    }

    @Override
    public void close() {}

    private StepResult run(StepRow row, List<Integer> cache) {
        if (row.tokens().length > 1 && row.position() != 0) {
            throw new AssertionError("prefill at " + row.position());
        }
        if (row.position() == 0) {
            cache.clear();
        }
        if (cache.size() != row.position()) {
            throw new AssertionError("position " + row.position() + " of " + cache.size());
        }
        float[][] raw = new float[row.logitsAt().length][];
        float[] last = {};
        for (int i = 0; i < row.tokens().length; i++) {
            cache.add(row.tokens()[i]);
            last = script.logits(row.window(), cache);
            for (int j = 0; j < raw.length; j++) {
                if (row.logitsAt()[j] == i) {
                    raw[j] = last.clone();
                }
            }
        }
        if (row.candidates() == 0) {
            return new StepResult(StepResult.Candidates.NONE, StepResult.Candidates.NONE, raw);
        }
        float[] masked = last.clone();
        int begin = ids.timestampBegin();
        for (int id = 0; id < masked.length; id++) {
            int offset = id - begin;
            boolean banned =
                    id < begin
                            ? row.mask().isBanned(id)
                            : offset < row.firstTimestamp() || offset >= row.endTimestamp();
            masked[id] = banned ? -1e30f : masked[id];
        }
        return new StepResult(
                zone(masked, 0, begin, row.candidates()),
                zone(masked, begin, masked.length, row.candidates()),
                raw);
    }

    private static StepResult.Candidates zone(float[] logits, int from, int to, int count) {
        int[] best =
                IntStream.range(from, to)
                        .boxed()
                        .sorted(Comparator.comparingDouble((Integer id) -> -logits[id]))
                        .limit(count)
                        .mapToInt(Integer::intValue)
                        .toArray();
        float[] values = new float[best.length];
        for (int i = 0; i < best.length; i++) {
            values[i] = logits[best[i]];
        }
        double max = Arrays.stream(best).mapToDouble(id -> logits[id]).max().orElse(-1e30);
        double sum = 0;
        for (int id = from; id < to; id++) {
            sum += Math.exp(logits[id] - max);
        }
        return new StepResult.Candidates(best, values, (float) (max + Math.log(sum)));
    }
}
