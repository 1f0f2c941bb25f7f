package dev.parlo.engine.whisper.cuda;

import dev.parlo.engine.cuda.CudaException;
import dev.parlo.engine.cuda.Gpu;
import dev.parlo.engine.cuda.GpuStream;
import dev.parlo.engine.onnx.capi.OrtStatusException;
import dev.parlo.engine.onnx.capi.RunOptions;
import dev.parlo.engine.whisper.graph.VocabularyChunks;
import dev.parlo.engine.whisper.network.Resources;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The runs of a decoder: one for each number of slots that steps are computed with, made once and
 * recorded where the device can; and those of single rows, made when they are needed.
 */
final class StepRuns implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StepRuns.class);

    /** Recording takes one run, and the first ones of a kernel allocate; a third is a replay. */
    private static final int RECORDING_RUNS = 3;

    private final CudaNetwork network;
    private final Gpu gpu;
    private final CrossSlots cross;
    private final GpuStream stream;
    private final int slots;
    private final Resources resources = new Resources();
    private final Rules rules;
    private final RunOptions eager;
    private final Map<Key, Kept> steps = new HashMap<>();
    private DeviceGraph graph;
    private IoBlock scratch;

    private record Key(RowPool pool, int slots, int candidates) {}

    private record Kept(StepRun run, IoBlock block) {
        void close() {
            run.close();
            block.close();
        }
    }

    StepRuns(CudaNetwork network, CrossSlots cross, GpuStream stream, int slots) {
        this.network = network;
        this.gpu = network.gpu();
        this.cross = cross;
        this.stream = stream;
        this.slots = slots;
        try {
            graph = opened();
            resources.add(graph, () -> graph.close());
            VocabularyChunks chunks = VocabularyChunks.of(network.shape());
            rules = new Rules(gpu, chunks, slots * RowPools.USUAL_WIDTH);
            resources.add(rules, rules::close);
            eager = gpu.eager();
            resources.add(eager, eager::close);
            StepShape prompt = StepShape.ofRow(0, 0, RowPool.POSITIONS, 2, 1, 1);
            scratch = new IoBlock(gpu, StepLayout.of(prompt, chunks).bytes());
            resources.add(scratch, () -> scratch.close());
        } catch (RuntimeException | Error e) {
            resources.close();
            throw e;
        }
    }

    /** With recording where the provider takes the graph that way. */
    private DeviceGraph opened() {
        try {
            return new DeviceGraph(network, network.model().decoder(), stream, true);
        } catch (OrtStatusException e) {
            warn(e);
            return new DeviceGraph(network, network.model().decoder(), stream, false);
        }
    }

    private void warn(RuntimeException cause) {
        LOG.warn(
                "Steps cannot be recorded on GPU {}; they are computed kernel by kernel, which takes"
                        + " longer: {}",
                gpu.index(),
                cause.getMessage());
    }

    Rules rules() {
        return rules;
    }

    /** As {@link DeviceGraph#nodes}. */
    Map<String, Integer> nodes() {
        return graph.nodes();
    }

    /** Numbers of slots that steps are computed with: powers of two, and all. */
    private List<Integer> buckets(int most) {
        List<Integer> buckets = new ArrayList<>();
        for (int size = 1; size < most; size *= 2) {
            buckets.add(size);
        }
        buckets.add(most);
        return buckets;
    }

    /** Makes the usual runs and records them, on the thread that will run them. */
    void record(RowPools pools) {
        List<StepRun> usual = new ArrayList<>();
        for (RowPool pool : List.of(pools.narrow(), pools.usual())) {
            for (int bucket : buckets(slots)) {
                RunOptions options = gpu.recorded(usual.size());
                resources.add(options, options::close);
                usual.add(made(new Key(pool, bucket, usualCandidates(pool)), options));
            }
        }
        gpu.recording().writeLock().lock();
        try {
            for (StepRun run : usual) {
                for (int i = 0; i < RECORDING_RUNS; i++) {
                    idle(run);
                    run.execute(stream);
                }
            }
        } catch (OrtStatusException | CudaException e) {
            warn(e);
            forgetAll();
            graph.close();
            graph = new DeviceGraph(network, network.model().decoder(), stream, false);
        } finally {
            gpu.recording().writeLock().unlock();
        }
    }

    /** Some token at the first position of every row. */
    private void idle(StepRun run) {
        Rules.Placed placed = rules.place(List.of(), stream);
        for (int r = 0; r < run.shape().rows(); r++) {
            run.token(r, 0, 0);
            run.held(r, 0);
            run.ask(r, 0, 0);
            placed.selectRaw(run, r, r);
        }
    }

    /** As many as beam search asks for, which is twice the beams; greedy search takes the best. */
    private static int usualCandidates(RowPool pool) {
        return pool.width() == 1 ? 1 : 2 * pool.width();
    }

    /**
     * A run over the first slots of a pool.
     *
     * @param atLeast slots
     * @param candidates of each row, at least
     */
    StepRun step(RowPool pool, int atLeast, int candidates) {
        int bucket =
                buckets(pool.slots()).stream()
                        .filter(size -> size >= atLeast)
                        .findFirst()
                        .orElseThrow();
        Key key = new Key(pool, bucket, Math.max(candidates, usualCandidates(pool)));
        Kept known = steps.get(key);
        return known == null ? made(key, eager) : known.run();
    }

    private StepRun made(Key key, RunOptions options) {
        StepShape shape = StepShape.step(key.pool(), key.slots(), key.candidates());
        IoBlock block = new IoBlock(gpu, StepLayout.of(shape, rules.chunks()).bytes());
        try {
            DecoderBinding binding =
                    new DecoderBinding(network, graph, cross, key.pool(), shape, RowPool.POSITIONS);
            StepRun run = new StepRun(graph, binding, shape, rules, block, options);
            steps.put(key, new Kept(run, block));
            return run;
        } catch (RuntimeException | Error e) {
            block.close();
            throw e;
        }
    }

    /** Closes the runs over a pool that is about to be freed. */
    void forget(RowPool pool) {
        steps.entrySet()
                .removeIf(step -> {
                    boolean gone = step.getKey().pool() == pool;
                    if (gone) {
                        step.getValue().close();
                    }
                    return gone;
                });
    }

    /**
     * A run of one row; the caller closes it before the next.
     *
     * @param longest tokens that the row holds after it
     */
    StepRun alone(RowPool pool, StepShape shape, int longest) {
        long bytes = StepLayout.of(shape, rules.chunks()).bytes();
        if (bytes > scratch.bytes()) {
            IoBlock larger = new IoBlock(gpu, bytes);
            scratch.close();
            scratch = larger;
        }
        DecoderBinding binding = new DecoderBinding(network, graph, cross, pool, shape, longest);
        return new StepRun(graph, binding, shape, rules, scratch, eager);
    }

    private void forgetAll() {
        steps.values().forEach(Kept::close);
        steps.clear();
    }

    @Override
    public void close() {
        forgetAll();
        resources.close();
    }
}
