package dev.parlo.engine.whisper.cpu;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.ComputeType;
import dev.parlo.engine.Placement;
import dev.parlo.engine.cache.CacheFolder;
import dev.parlo.engine.whisper.checkpoint.Checkpoint;
import dev.parlo.engine.whisper.checkpoint.CheckpointWriter;
import dev.parlo.engine.whisper.checkpoint.DataType;
import dev.parlo.engine.whisper.checkpoint.WeightCache;
import dev.parlo.engine.whisper.checkpoint.WhisperShape;
import dev.parlo.engine.whisper.decode.StepResult;
import dev.parlo.engine.whisper.decode.StepRow;
import dev.parlo.engine.whisper.decode.TokenMask;
import dev.parlo.engine.whisper.graph.ComputePlan;
import dev.parlo.engine.whisper.network.DecoderStep;
import dev.parlo.engine.whisper.network.WindowStep;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A small network with random weights, and what the reference network answers. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class DecoderBesideReference {
    static final WhisperShape SHAPE = new WhisperShape(128, 2, 2, 2, 1700, 80, 512, 448);
    static final int TEXT = 199;
    static final int[] TOKENS = {5, 17, 120, 1650, 33, 2, 199};
    static final double TOLERANCE = 1e-3;

    /** Audio positions of windows that are not whole. */
    static final int[] SHORT = {1, 37, 250};

    @TempDir Path directory;
    CpuNetwork model;
    CpuNetwork int8;
    float[] mel;
    double[][] expected;
    final Map<Integer, double[][]> expectedOfShort = new HashMap<>();
    private Path checkpoint;
    Path cache;

    @BeforeAll
    void load(@TempDir Path directory) throws IOException {
        checkpoint = directory.resolve("checkpoint");
        CheckpointWriter.random(SHAPE, DataType.FLOAT32, 7).write(checkpoint, "[[1, 1], [9, 9]]");
        cache = directory.resolve("cache");
        model = network(new ComputePlan(ComputeType.FLOAT32, true), cache, 1);
        int8 = network(ComputePlan.forThisProcessor(ComputeType.INT8), cache, 1);
        mel = randomMel(3);
        try (Checkpoint open = Checkpoint.open(checkpoint)) {
            ReferenceWhisper reference = new ReferenceWhisper(open);
            expected = reference.decode(reference.encode(bands(mel)), TOKENS);
            for (int positions : SHORT) {
                double[][] audio = reference.encode(bands(randomMel(positions, 2 * positions)));
                expectedOfShort.put(positions, reference.decode(audio, TOKENS));
            }
        }
    }

    /** The same network with threads of its own. */
    final CpuNetwork network(ComputePlan plan, Path cache, int threads) {
        return CpuNetwork.load(
                checkpoint,
                plan,
                new WeightCache(CacheFolder.at(cache)),
                Placement.Cpu.threads(threads),
                new Cancellation());
    }

    /** What the reference network answers to a window and all tokens. */
    double[][] reference(float[] mel) {
        try (Checkpoint open = Checkpoint.open(checkpoint)) {
            ReferenceWhisper reference = new ReferenceWhisper(open);
            return reference.decode(reference.encode(bands(mel)), TOKENS);
        }
    }

    static double[][] bands(float[] mel) {
        int frames = mel.length / 80;
        double[][] bands = new double[80][frames];
        for (int b = 0; b < 80; b++) {
            for (int t = 0; t < frames; t++) {
                bands[b][t] = mel[b * frames + t];
            }
        }
        return bands;
    }

    @AfterAll
    void close() {
        model.close();
        int8.close();
    }

    static float[] randomMel(long seed) {
        return randomMel(seed, 3000);
    }

    static float[] randomMel(long seed, int frames) {
        Random random = new Random(seed);
        float[] mel = new float[80 * frames];
        for (int i = 0; i < mel.length; i++) {
            mel[i] = (float) random.nextGaussian();
        }
        return mel;
    }

    static StepRow row(int row, int position, int... tokens) {
        return new StepRow(row, position, tokens, TokenMask.NONE, 0, 1501, 5, true, null);
    }

    /** Rows of one window in a step by themselves. */
    static List<StepResult> run(DecoderStep step, int slot, int width, StepRow... rows) {
        return step.run(List.of(new WindowStep(slot, width, List.of(rows)))).getFirst();
    }

    static double worst(float[] actual, double[] exact) {
        double worst = 0;
        for (int i = 0; i < exact.length; i++) {
            worst = Math.max(worst, Math.abs(actual[i] - exact[i]));
        }
        return worst;
    }
}
