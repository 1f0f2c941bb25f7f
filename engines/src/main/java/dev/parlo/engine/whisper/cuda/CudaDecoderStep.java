package dev.parlo.engine.whisper.cuda;

import dev.parlo.engine.cuda.CudaException;
import dev.parlo.engine.cuda.Gpu;
import dev.parlo.engine.cuda.GpuStream;
import dev.parlo.engine.onnx.capi.OrtStatusException;
import dev.parlo.engine.whisper.checkpoint.WhisperShape;
import dev.parlo.engine.whisper.decode.Probe;
import dev.parlo.engine.whisper.decode.StepResult;
import dev.parlo.engine.whisper.decode.StepResult.Probed;
import dev.parlo.engine.whisper.decode.StepRow;
import dev.parlo.engine.whisper.decode.WindowDecoder.RowCopy;
import dev.parlo.engine.whisper.network.Alignment;
import dev.parlo.engine.whisper.network.AlignmentTask;
import dev.parlo.engine.whisper.network.DecoderStep;
import dev.parlo.engine.whisper.network.Resources;
import dev.parlo.engine.whisper.network.WindowStep;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A decoder step on the device. Rows of one token run together with all rows of their pool; a
 * prompt, and what asks for more than candidates, runs by itself. The platform thread that runs the
 * first step owns it from then on.
 */
final class CudaDecoderStep implements DecoderStep {
    private final Gpu gpu;
    private final WhisperShape shape;
    private final int slots;
    private final Resources resources = new Resources();
    private final GpuStream stream;
    private final RowPools pools;
    private final Rules rules;
    private final StepRuns runs;
    private final Aligner aligner;
    private @Nullable Thread owner;

    CudaDecoderStep(CudaNetwork network, CrossSlots cross, int slots) {
        this.gpu = network.gpu();
        this.shape = network.shape();
        this.slots = slots;
        try {
            // A step has many short kernels: each would wait for one of the encoder's long ones.
            stream = gpu.openUrgentStream();
            resources.add(stream, stream::close);
            runs = new StepRuns(network, cross, stream, slots);
            resources.add(runs, runs::close);
            pools =
                    new RowPools(
                            slots,
                            (first, count, width) ->
                                    new RowPool(
                                            gpu, shape, network.elementType(), first, count, width),
                            runs::forget);
            resources.add(pools, pools::close);
            rules = runs.rules();
            aligner = new Aligner(network, cross, stream);
            resources.add(aligner, aligner::close);
        } catch (RuntimeException | Error e) {
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
        return shape.textPositions();
    }

    @Override
    public int vocabularySize() {
        return shape.vocabularySize();
    }

    /** On the device, whether slots are in use or not. */
    long bytes() {
        return pools.bytes();
    }

    /** How many nodes of the decoder and of the alignment each provider computes. */
    Map<String, Integer> nodes() {
        Map<String, Integer> nodes = new TreeMap<>(runs.nodes());
        aligner.nodes().forEach((provider, count) -> nodes.merge(provider, count, Integer::sum));
        return nodes;
    }

    /** Makes the calling thread the owner and records the usual steps. */
    @Override
    public void warmUp() {
        owned(() -> stream);
    }

    /** A row with the place of its answer. */
    private record Asked(int slot, int index, StepRow row, StepResult[] results, int at) {}

    @Override
    public List<List<StepResult>> run(List<WindowStep> windows) {
        return owned(() -> {
            Map<RowPool, List<Asked>> together = new LinkedHashMap<>();
            List<List<StepResult>> answers = new ArrayList<>();
            for (WindowStep window : windows) {
                RowPool pool = pool(window.slot(), window.width());
                StepResult[] results = new StepResult[window.rows().size()];
                for (int i = 0; i < results.length; i++) {
                    StepRow row = window.rows().get(i);
                    check(pool, window, row);
                    int index = pool.index(window.slot(), row.row());
                    Asked asked = new Asked(window.slot(), index, row, results, i);
                    if (row.tokens().length == 1 && row.probe() == null) {
                        together.computeIfAbsent(pool, p -> new ArrayList<>()).add(asked);
                    } else {
                        runAlone(pool, asked);
                    }
                }
                answers.add(Arrays.asList(results));
            }
            together.forEach(this::runTogether);
            return answers;
        });
    }

    /**
     * Runs all rows of all slots up to the last that is asked for, and on to the next number of
     * slots that is recorded. The rows that were not asked for are idle: they take some token at
     * the first position behind what they hold, where it is overwritten before it counts as held.
     */
    private void runTogether(RowPool pool, List<Asked> rows) {
        int last = 0;
        int candidates = 1;
        for (Asked asked : rows) {
            last = Math.max(last, asked.slot() - pool.firstSlot());
            candidates = Math.max(candidates, asked.row().candidates());
        }
        StepRun run = runs.step(pool, last + 1, candidates);
        int count = run.shape().rows();
        @Nullable StepRow[] placed = new StepRow[count];
        rows.forEach(asked -> placed[asked.index()] = asked.row());
        Rules.Placed rulesOfRun = rules.place(rows.stream().map(Asked::row).toList(), stream);
        for (int r = 0; r < count; r++) {
            StepRow row = placed[r];
            int position = row == null ? pool.held(r).length() : row.position();
            run.token(r, row == null ? 0 : row.tokens()[0], Math.min(position, positions() - 1));
            run.held(r, position);
            run.ask(r, 0, 0);
            if (row == null) {
                rulesOfRun.selectRaw(run, r, r);
            } else {
                rulesOfRun.select(run, r, r, row);
            }
        }
        run.execute(stream);
        for (Asked asked : rows) {
            answer(run, asked, asked.index(), null);
            pool.held(asked.index()).write(asked.row().position(), asked.row().tokens());
        }
    }

    /** Runs the tokens of one row. */
    private void runAlone(RowPool pool, Asked asked) {
        StepRow row = asked.row();
        int tokens = row.tokens().length;
        Probe probe = row.probe();
        StepShape alone =
                StepShape.ofRow(
                        asked.slot(),
                        asked.index(),
                        tokens,
                        probe == null ? 1 : 2,
                        Math.max(1, row.candidates()),
                        probe == null ? 1 : probe.ids().length);
        try (StepRun run = runs.alone(pool, alone, row.position() + tokens)) {
            for (int t = 0; t < tokens; t++) {
                run.token(t, row.tokens()[t], row.position() + t);
            }
            run.held(0, row.position());
            Rules.Placed rulesOfRun = rules.place(List.of(row), stream);
            rulesOfRun.select(run, 0, tokens - 1, row);
            for (int g = 0; g < alone.asked(); g++) {
                run.ask(0, g, 0);
                if (probe != null) {
                    run.ask(1, g, probe.ids()[g]);
                }
            }
            if (probe != null) {
                rulesOfRun.selectRaw(run, 1, probe.at());
            }
            run.execute(stream);
            answer(run, asked, 0, probe);
            pool.held(asked.index()).write(row.position(), row.tokens());
        }
    }

    private void answer(StepRun run, Asked asked, int k, @Nullable Probe probe) {
        StepRow row = asked.row();
        asked.results()[asked.at()] =
                new StepResult(
                        run.text(k, row.candidates()),
                        run.timestamps(k, row.candidates()),
                        row.rawLogits() ? run.logits(k, stream) : new float[0],
                        probe == null
                                ? null
                                : new Probed(
                                        run.asked(k + 1, probe.ids().length),
                                        run.logSumExp(k + 1)));
    }

    private RowPool pool(int slot, int width) {
        if (slot < 0 || slot >= slots || width < 1) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT, "slot %d, %d rows; there are %d", slot, width, slots));
        }
        return pools.of(slot, width);
    }

    private void check(RowPool pool, WindowStep window, StepRow row) {
        if (row.row() < 0 || row.row() >= window.width()) {
            throw new IllegalArgumentException(
                    String.format(Locale.ROOT, "row %d; there are %d", row.row(), window.width()));
        }
        int held = pool.held(pool.index(window.slot(), row.row())).length();
        int end = row.position() + row.tokens().length;
        if (row.tokens().length == 0
                || row.position() < 0
                || row.position() > held
                || end > positions()) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "%d tokens at position %d of a row that holds %d; none fit past %d",
                            row.tokens().length,
                            row.position(),
                            held,
                            positions()));
        }
    }

    @Override
    public void copyRow(int slot, int width, RowCopy copy) {
        owned(() -> {
            RowPool pool = pool(slot, width);
            pool.copy(
                    pool.index(slot, copy.from()),
                    pool.index(slot, copy.to()),
                    copy.length(),
                    stream);
            return pool;
        });
    }

    @Override
    public Alignment align(int slot, AlignmentTask task) {
        return owned(() -> {
            RowPool pool = pool(slot, 1);
            int index = pool.index(slot, 0);
            pool.held(index).clear();
            return aligner.align(slot, pool, index, task);
        });
    }

    @Override
    public void release(int slot) {
        owned(() -> {
            pools.release(slot);
            return slot;
        });
    }

    /** On the owner's thread, while nothing is recorded. */
    private <T> T owned(Supplier<T> work) {
        Thread thread = Thread.currentThread();
        if (owner == null) {
            if (thread.isVirtual()) {
                throw new IllegalStateException("a decoder is owned by a platform thread");
            }
            owner = thread;
            stream.enter();
            runs.record(pools);
        } else if (owner != thread) {
            throw new IllegalStateException(
                    "the decoder belongs to " + owner.getName() + ", not to " + thread.getName());
        }
        gpu.recording().readLock().lock();
        try {
            return work.get();
        } catch (OrtStatusException | CudaException e) {
            throw gpu.failure("A decoder step", e);
        } finally {
            gpu.recording().readLock().unlock();
        }
    }

    /** By any thread, after the owner's last step. */
    @Override
    public void close() {
        resources.close();
    }
}
