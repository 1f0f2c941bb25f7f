package dev.parlo.engine.whisper.decode;

import dev.parlo.engine.whisper.network.Alignment;
import dev.parlo.engine.whisper.network.AlignmentTask;
import dev.parlo.engine.whisper.network.DecoderStep;
import dev.parlo.engine.whisper.network.WindowStep;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
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

    private final int slots;
    private final TokenIds ids;
    private final Script script;
    private final IntSupplier textEnd;
    private final Map<Row, List<Integer>> caches = new HashMap<>();
    private int steps;

    private record Row(int slot, int width, int row) {}

    public ScriptedStep(int slots, TokenIds ids, Script script) {
        this(slots, ids, script, () -> 0);
    }

    /**
     * @param textEnd encoder position at which the text that is aligned ends
     */
    public ScriptedStep(int slots, TokenIds ids, Script script, IntSupplier textEnd) {
        this.textEnd = textEnd;
        this.slots = slots;
        this.ids = ids;
        this.script = script;
    }

    public int steps() {
        return steps;
    }

    @Override
    public int slots() {
        return slots;
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
    public List<List<StepResult>> run(List<WindowStep> windows) {
        steps++;
        Set<Row> seen = new HashSet<>();
        List<List<StepResult>> answers = new ArrayList<>();
        for (WindowStep window : windows) {
            List<StepResult> results = new ArrayList<>();
            for (StepRow row : window.rows()) {
                Row key = new Row(window.slot(), window.width(), row.row());
                if (!seen.add(key) || window.slot() >= slots || row.row() >= window.width()) {
                    throw new AssertionError(key + " twice in one step, or not there");
                }
                List<Integer> cache = caches.computeIfAbsent(key, k -> new ArrayList<>());
                results.add(run(window.slot(), row, cache));
            }
            answers.add(results);
        }
        return answers;
    }

    @Override
    public void copyRow(int slot, int width, WindowDecoder.RowCopy copy) {
        List<Integer> from = caches.getOrDefault(new Row(slot, width, copy.from()), List.of());
        if (from.size() != copy.length()) {
            throw new AssertionError("copies " + copy.length() + " of " + from.size() + " tokens");
        }
        caches.put(new Row(slot, width, copy.to()), new ArrayList<>(from));
    }

    /** The text ends where it was told; every token of it is improbable. */
    @Override
    public Alignment align(int slot, AlignmentTask task) {
        int tokens = task.tokens().length;
        float[] scores = new float[tokens * 1500];
        for (int t = 0; t < tokens; t++) {
            for (int position = 0; position < 1500; position++) {
                boolean before = position < textEnd.getAsInt();
                scores[t * 1500 + position] = before == t < tokens - 2 ? 10 : 0;
            }
        }
        float[] logProbabilities = new float[task.textLength()];
        Arrays.fill(logProbabilities, (float) -Math.log(task.textIds()));
        return new Alignment(1, scores, logProbabilities);
    }

    @Override
    public void release(int slot) {
        caches.keySet().removeIf(row -> row.slot() == slot);
    }

    @Override
    public void close() {}

    private StepResult run(int slot, StepRow row, List<Integer> cache) {
        if (row.position() == 0) {
            cache.clear();
        }
        if (cache.size() != row.position()) {
            throw new AssertionError("position " + row.position() + " of " + cache.size());
        }
        StepResult.Probed probed = null;
        float[] last = {};
        for (int i = 0; i < row.tokens().length; i++) {
            cache.add(row.tokens()[i]);
            last = script.logits(slot, cache);
            if (row.probe() != null && row.probe().at() == i) {
                probed = probed(row.probe(), last);
            }
        }
        float[] raw = row.rawLogits() ? last.clone() : new float[0];
        if (row.candidates() == 0) {
            return new StepResult(
                    StepResult.Candidates.NONE, StepResult.Candidates.NONE, raw, probed);
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
                raw,
                probed);
    }

    private static StepResult.Probed probed(Probe probe, float[] logits) {
        float[] asked = new float[probe.ids().length];
        for (int i = 0; i < asked.length; i++) {
            asked[i] = logits[probe.ids()[i]];
        }
        return new StepResult.Probed(asked, (float) LogitRules.logSumExp(logits, 0, logits.length));
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
