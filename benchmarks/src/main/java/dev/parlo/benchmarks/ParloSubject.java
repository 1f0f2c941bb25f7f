package dev.parlo.benchmarks;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.ComputeType;
import dev.parlo.engine.Placement;
import dev.parlo.engine.cache.CacheFolder;
import dev.parlo.engine.whisper.checkpoint.WeightCache;
import dev.parlo.engine.whisper.cpu.CpuNetwork;
import dev.parlo.engine.whisper.decode.StepRow;
import dev.parlo.engine.whisper.decode.TokenMask;
import dev.parlo.engine.whisper.decode.WindowDecoder.RowCopy;
import dev.parlo.engine.whisper.graph.ComputePlan;
import dev.parlo.engine.whisper.network.DecodeArena;
import dev.parlo.engine.whisper.network.WindowStep;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Parlo's own engine, below its rules and its search. */
final class ParloSubject implements Subject {
    private static final int ROWS = 5;

    private final CpuNetwork network;
    private final DecodeArena arena;
    private final float[] mel;
    private final String name;

    ParloSubject(Path checkpoint, Path cache, ComputeType type, int threads, boolean spinning) {
        name = "parlo " + type.label();
        network =
                CpuNetwork.load(
                        checkpoint,
                        ComputePlan.forThisProcessor(type),
                        new WeightCache(CacheFolder.at(cache)),
                        new Placement.Cpu(threads, spinning),
                        new Cancellation());
        arena = network.openArena(1);
        mel = new float[network.shape().melBands() * 3000];
        SplittableRandom random = new SplittableRandom(2);
        for (int i = 0; i < mel.length; i++) {
            mel[i] = (float) (random.nextDouble() * 2 - 1);
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void encode() {
        arena.encoder().encode(mel, 0);
    }

    @Override
    public void prefill(int tokens) {
        run(List.of(row(0, 0, tokens, 1)));
        for (int row = 1; row < ROWS; row++) {
            arena.step().copyRow(0, ROWS, new RowCopy(0, row, tokens));
        }
    }

    @Override
    public void step(int rows, int position) {
        List<StepRow> all = new ArrayList<>();
        for (int row = 0; row < rows; row++) {
            all.add(row(row, position, 1, rows == 1 ? 1 : 2 * rows));
        }
        run(all);
    }

    private void run(List<StepRow> rows) {
        List<WindowStep> windows = List.of(new WindowStep(0, ROWS, rows));
        if (arena.step().run(windows).getFirst().size() != rows.size()) {
            throw new IllegalStateException("A step lost a row");
        }
    }

    private static StepRow row(int row, int position, int tokens, int candidates) {
        int[] ids = new int[tokens];
        for (int i = 0; i < tokens; i++) {
            ids[i] = 1000 + 100 * row + i;
        }
        return new StepRow(row, position, ids, TokenMask.NONE, 0, 1501, candidates, false, null);
    }

    @Override
    public void close() {
        arena.close();
        network.close();
    }
}
