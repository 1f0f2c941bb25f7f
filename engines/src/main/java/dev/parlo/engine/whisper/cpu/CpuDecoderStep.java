package dev.parlo.engine.whisper.cpu;

import ai.onnxruntime.OrtException;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.onnx.StoppableRuns;
import dev.parlo.engine.whisper.checkpoint.WhisperConfig;
import dev.parlo.engine.whisper.checkpoint.WhisperShape;
import dev.parlo.engine.whisper.decode.StepResult;
import dev.parlo.engine.whisper.decode.StepRow;
import dev.parlo.engine.whisper.decode.TokenMask;
import dev.parlo.engine.whisper.decode.WindowDecoder.RowCopy;
import dev.parlo.engine.whisper.network.Alignment;
import dev.parlo.engine.whisper.network.AlignmentTask;
import dev.parlo.engine.whisper.network.DecoderStep;
import dev.parlo.engine.whisper.network.Resources;
import dev.parlo.engine.whisper.network.WindowStep;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A decoder step on ONNX Runtime's CPU kernels. Rows of one token that lie in the same cache run
 * together, whatever windows they belong to, and so do prompts of one length. Not thread-safe.
 */
final class CpuDecoderStep implements DecoderStep {
    private final CpuNetwork network;
    private final CrossCache cross;
    private final RowCaches caches;
    private final int slots;
    private final MaskTable masks;
    private final ZoneSlices slices;
    private final StoppableRuns runs;

    private final Resources resources;

    /**
     * @param caches which stay open when this is closed
     * @param resources empty; what is made is added, and closed where a later part cannot be made
     */
    CpuDecoderStep(
            CpuNetwork network, CrossCache cross, RowCaches caches, int slots, Resources resources)
            throws OrtException {
        this.resources = resources;
        this.network = network;
        this.cross = cross;
        this.caches = caches;
        this.slots = slots;
        try {
            ZoneSlices madeSlices = new ZoneSlices(network);
            slices = resources.add(madeSlices, madeSlices::close);
            StoppableRuns madeRuns = new StoppableRuns();
            runs = resources.add(madeRuns, madeRuns::close);
            MaskTable madeMasks =
                    new MaskTable(
                            network.environment(),
                            Math.max(16, 8 * slots),
                            network.shape().firstTimestamp());
            masks = resources.add(madeMasks, madeMasks::close);
        } catch (Throwable e) { // errors, too: what is open lies outside of the heap
            resources.close();
            throw e;
        }
    }

    @Override
    public int slots() {
        return slots;
    }

    @Override
    public int positions() {
        return network.shape().textPositions();
    }

    @Override
    public int vocabularySize() {
        return network.shape().vocabularySize();
    }

    @Override
    public List<List<StepResult>> run(List<WindowStep> windows) {
        network.checkFiles();
        Map<Together, List<Asked>> together = new LinkedHashMap<>();
        List<Prompt> prompts = new ArrayList<>();
        List<List<StepResult>> answers = new ArrayList<>();
        for (WindowStep window : windows) {
            RowCache cache = cache(window.slot(), window.width());
            StepResult[] results = new StepResult[window.rows().size()];
            for (int i = 0; i < results.length; i++) {
                StepRow row = window.rows().get(i);
                check(cache, window, row);
                int index = cache.index(window.slot(), row.row());
                Asked asked = new Asked(new PlacedRow(window.slot(), index, row), results, i);
                if (row.tokens().length == 1) {
                    together.computeIfAbsent(
                                    new Together(cache, alone(window.slot())),
                                    key -> new ArrayList<>())
                            .add(asked);
                } else {
                    prompts.add(new Prompt(cache, asked));
                }
            }
            answers.add(Arrays.asList(results));
        }
        executePrompts(prompts);
        together.forEach((key, rows) -> execute(key.cache(), planFor(key.cache(), rows), rows));
        return answers;
    }

    /**
     * What runs in one step.
     *
     * @param alone a slot that runs by itself, or -1
     */
    private record Together(RowCache cache, int alone) {}

    /** A slot of fewer audio positions has no neighbours to form a range with; -1 for others. */
    private int alone(int slot) {
        return isWhole(slot) ? -1 : slot;
    }

    private boolean isWhole(int slot) {
        return cross.positions(slot) == WhisperShape.AUDIO_POSITIONS;
    }

    /** A row with the place of its answer. */
    private record Asked(PlacedRow placed, StepResult[] results, int at) {}

    /** A row of several tokens. */
    private record Prompt(RowCache cache, Asked asked) {
        int slot() {
            return asked.placed().slot();
        }

        StepRow row() {
            return asked.placed().row();
        }
    }

    /** Prompts of several windows share the reading of the weights where they can. */
    private void executePrompts(List<Prompt> prompts) {
        List<Prompt> run = new ArrayList<>();
        for (Prompt prompt :
                prompts.stream().sorted(Comparator.comparingInt(Prompt::slot)).toList()) {
            if (!run.isEmpty() && !follows(prompt, run.getLast())) {
                execute(run);
                run.clear();
            }
            run.add(prompt);
        }
        if (!run.isEmpty()) {
            execute(run);
        }
    }

    /**
     * Whether a prompt can run with the one before it. GroupQueryAttention takes several rows of
     * several tokens only where all begin at position 0, so no row between them may be idle.
     */
    private boolean follows(Prompt prompt, Prompt last) {
        return prompt.cache() == last.cache()
                && prompt.cache().width() == 1
                && prompt.slot() == last.slot() + 1
                && prompt.row().tokens().length == last.row().tokens().length
                && prompt.row().position() == 0
                && last.row().position() == 0
                && isWhole(prompt.slot())
                && isWhole(last.slot());
    }

    private void execute(List<Prompt> run) {
        Prompt first = run.getFirst();
        int index = first.asked().placed().index();
        int length = first.row().tokens().length;
        StepPlan plan = new StepPlan(first.slot(), run.size(), index, run.size(), length);
        execute(first.cache(), plan, run.stream().map(Prompt::asked).toList());
    }

    /**
     * The shape of a run over rows of one token. Its tensors are views of the caches, and a view is
     * a range. Within one window that is from the first row asked for to the last. Over several
     * windows each must have equally many rows, because the graph folds them to [windows, rows] to
     * read every window's audio once: so it is all rows of all windows from the first to the last.
     * The rows between that were not asked for are idle. They are computed, which costs their time,
     * and write into entries of the cache that are overwritten before they are read; hence slots
     * are given out lowest first.
     */
    private static StepPlan planFor(RowCache cache, List<Asked> rows) {
        int firstSlot = Integer.MAX_VALUE;
        int lastSlot = 0;
        int firstRow = Integer.MAX_VALUE;
        int lastRow = 0;
        for (Asked asked : rows) {
            firstSlot = Math.min(firstSlot, asked.placed().slot());
            lastSlot = Math.max(lastSlot, asked.placed().slot());
            firstRow = Math.min(firstRow, asked.placed().index());
            lastRow = Math.max(lastRow, asked.placed().index());
        }
        if (firstSlot == lastSlot) {
            return new StepPlan(firstSlot, 1, firstRow, lastRow - firstRow + 1, 1);
        }
        int count = lastSlot - firstSlot + 1;
        return new StepPlan(firstSlot, count, cache.index(firstSlot, 0), count * cache.width(), 1);
    }

    private void execute(RowCache cache, StepPlan plan, List<Asked> rows) {
        try {
            if (plan.tokensPerRow() == 1 && (plan.slots() > 1 || isWhole(plan.firstSlot()))) {
                execute(cache, plan, rows, cache.binding(network, cross, plan));
            } else {
                // Prompts and windows that are not whole are of any length: keeping what they were
                // bound to would fill the memory.
                try (RunBinding once = new RunBinding(network, cross, cache, plan)) {
                    execute(cache, plan, rows, once);
                }
            }
        } catch (OrtException e) {
            throw failure(e);
        }
    }

    private void execute(RowCache cache, StepPlan plan, List<Asked> rows, RunBinding binding)
            throws OrtException {
        List<PlacedRow> placed = rows.stream().map(Asked::placed).toList();
        Readout readout = Readout.of(placed, plan, vocabularySize());
        try (DecoderRun run = new DecoderRun(network, plan, binding, runs)) {
            feed(run, cache, plan, placed);
            run.readout(readout, masks, slices);
            List<StepResult> results = run.run(readout);
            for (int i = 0; i < results.size(); i++) {
                Asked asked = rows.get(i);
                asked.results()[asked.at()] = results.get(i);
                StepRow row = asked.placed().row();
                cache.held(asked.placed().index()).write(row.position(), row.tokens());
            }
        }
    }

    /** Embeds the tokens of all rows. */
    private void feed(DecoderRun run, RowCache cache, StepPlan plan, List<PlacedRow> rows)
            throws OrtException {
        FloatBuffer x = run.embeddings();
        int[] lengths = new int[plan.rows()];
        float[] embedded = new float[network.shape().width()];
        for (int r = 0; r < plan.rows(); r++) {
            StepRow row = find(rows, plan.firstRow() + r);
            // An idle row takes some token at the first position behind what it holds: a search
            // may come back to it, as a beam that sits out a step does. What it writes there is
            // overwritten before it counts as held.
            int position = row == null ? cache.held(plan.firstRow() + r).length() : row.position();
            lengths[r] = position + plan.tokensPerRow() - 1;
            for (int t = 0; t < plan.tokensPerRow(); t++) {
                int token = row == null ? 0 : row.tokens()[t];
                network.embeddings().embed(token, position + t, embedded);
                x.put(embedded);
            }
        }
        run.tokens(x.flip(), lengths);
    }

    private static @Nullable StepRow find(List<PlacedRow> rows, int index) {
        for (PlacedRow placed : rows) {
            if (placed.index() == index) {
                return placed.row();
            }
        }
        return null;
    }

    private RowCache cache(int slot, int width) {
        if (slot < 0 || slot >= slots || width < 1) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT, "slot %d, %d rows; there are %d", slot, width, slots));
        }
        return caches.of(slot, width);
    }

    private void check(RowCache cache, WindowStep window, StepRow row) {
        if (row.row() < 0 || row.row() >= window.width()) {
            throw new IllegalArgumentException(
                    String.format(Locale.ROOT, "row %d; there are %d", row.row(), window.width()));
        }
        int end = row.position() + row.tokens().length;
        if (row.tokens().length == 0 || row.position() < 0 || end > positions()) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "%d tokens at position %d; none fit past %d",
                            row.tokens().length,
                            row.position(),
                            positions()));
        }
        int held = cache.held(cache.index(window.slot(), row.row())).length();
        if (row.position() > held) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "position %d of a row that holds %d tokens",
                            row.position(),
                            held));
        }
    }

    @Override
    public void copyRow(int slot, int width, RowCopy copy) {
        RowCache cache = cache(slot, width);
        cache.copy(cache.index(slot, copy.from()), cache.index(slot, copy.to()), copy.length());
    }

    @Override
    public Alignment align(int slot, AlignmentTask task) {
        int[] tokens = task.tokens();
        RowCache cache = cache(slot, 1);
        StepRow row = new StepRow(0, 0, tokens, TokenMask.NONE, 0, 0, 0, false, null);
        check(cache, new WindowStep(slot, 1, List.of(row)), row);
        int index = cache.index(slot, 0);
        PlacedRow placed = new PlacedRow(slot, index, row);
        List<WhisperConfig.AlignmentHead> heads = network.config().alignmentHeads(network.shape());
        StepPlan plan = new StepPlan(slot, 1, index, 1, tokens.length);
        Readout readout =
                Readout.ofText(placed, tokens, task.textStart(), task.textLength(), task.textIds());
        cache.held(index).clear();
        try (RunBinding binding = new RunBinding(network, cross, cache, plan);
                DecoderRun run = new DecoderRun(network, plan, binding, runs)) {
            feed(run, cache, plan, List.of(placed));
            run.readout(readout, masks, slices);
            return run.align(heads, cross.positions(slot));
        } catch (OrtException e) {
            throw failure(e);
        }
    }

    @Override
    public void release(int slot) {
        caches.release(slot);
    }

    /** Has the run under way fail. */
    void stop() {
        runs.stop();
    }

    @Override
    public void close() {
        resources.close();
    }

    private static EngineException failure(OrtException e) {
        return new EngineException(
                EngineException.Category.INTERNAL, "A decoder step failed: " + e.getMessage(), e);
    }
}
