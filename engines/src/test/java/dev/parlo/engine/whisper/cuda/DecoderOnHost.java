package dev.parlo.engine.whisper.cuda;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.ComputeType;
import dev.parlo.engine.Placement;
import dev.parlo.engine.cache.CacheFolder;
import dev.parlo.engine.cuda.Gpu;
import dev.parlo.engine.cuda.HostMemoryDriver;
import dev.parlo.engine.cuda.RecordingDriver;
import dev.parlo.engine.onnx.capi.OrtApi;
import dev.parlo.engine.whisper.checkpoint.CheckpointWriter;
import dev.parlo.engine.whisper.checkpoint.DataType;
import dev.parlo.engine.whisper.checkpoint.WeightCache;
import dev.parlo.engine.whisper.checkpoint.WhisperShape;
import dev.parlo.engine.whisper.cpu.CpuNetwork;
import dev.parlo.engine.whisper.decode.StepResult;
import dev.parlo.engine.whisper.decode.StepRow;
import dev.parlo.engine.whisper.decode.TokenMask;
import dev.parlo.engine.whisper.graph.ComputePlan;
import dev.parlo.engine.whisper.graph.SelfAttention;
import dev.parlo.engine.whisper.network.DecoderStep;
import dev.parlo.engine.whisper.network.WindowStep;
import java.io.IOException;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The step of a GPU on the processor's memory, and the processor's own beside it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class DecoderOnHost {
    static final WhisperShape SHAPE = new WhisperShape(128, 2, 2, 2, 1900, 80, 512, 448);
    static final int TEXT = 399;
    static final int SLOTS = 3;
    static final long CAPACITY = 1L << 30;
    final OrtApi api = OrtApi.ofJava();
    final RecordingDriver driver = new RecordingDriver(new HostMemoryDriver(CAPACITY));
    Path directory;
    Gpu gpu;
    CudaNetwork device;
    CpuNetwork processor;

    @BeforeAll
    void load(@TempDir Path directory) throws IOException {
        CheckpointWriter.random(SHAPE, DataType.FLOAT32, 7)
                .write(directory.resolve("checkpoint"), "[[1, 1], [0, 1], [1, 0]]");
        gpu = Gpu.onHost(api, driver);
        device = network(directory.resolve("checkpoint"), SelfAttention.GROUPED);
        processor =
                CpuNetwork.load(
                        directory.resolve("checkpoint"),
                        new ComputePlan(ComputeType.FLOAT32, true),
                        weights(directory.resolve("cache")),
                        Placement.Cpu.threads(1),
                        new Cancellation());
        this.directory = directory;
    }

    CudaNetwork network(Path checkpoint, SelfAttention attention) {
        return network(checkpoint, attention, gpu);
    }

    static CudaNetwork network(Path checkpoint, SelfAttention attention, Gpu gpu) {
        return CudaNetwork.load(
                checkpoint,
                ComputeType.FLOAT32,
                attention,
                weights(checkpoint.resolveSibling("cache")),
                gpu,
                new Cancellation());
    }

    static CudaNetwork network(Path checkpoint, ComputeType type, Gpu gpu) {
        return CudaNetwork.load(
                checkpoint,
                type,
                weights(checkpoint.resolveSibling("cache")),
                gpu,
                new Cancellation());
    }

    static WeightCache weights(Path directory) {
        return new WeightCache(CacheFolder.at(directory));
    }

    @AfterAll
    void close() {
        device.close();
        processor.close();
        gpu.close();
    }

    static float[] mel(long seed) {
        Random random = new Random(seed);
        float[] mel = new float[80 * 3000];
        for (int i = 0; i < mel.length; i++) {
            mel[i] = (float) random.nextGaussian();
        }
        return mel;
    }

    static StepRow row(int row, int position, int... tokens) {
        return new StepRow(row, position, tokens, TokenMask.NONE, 0, 1501, 3, true, null);
    }

    static List<StepResult> run(DecoderStep step, int slot, int width, StepRow... rows) {
        return step.run(List.of(new WindowStep(slot, width, List.of(rows)))).getFirst();
    }

    static TokenMask mask(Random random) {
        if (random.nextInt(3) == 0) {
            return TokenMask.NONE;
        }
        BitSet banned = new BitSet();
        random.ints(50, 0, TEXT).forEach(banned::set);
        banned.set(0, random.nextBoolean() ? TEXT - 20 : 0);
        return new TokenMask(banned);
    }
}
