package dev.parlo.engine.whisper.cpu;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.ComputeType;
import dev.parlo.engine.Placement;
import dev.parlo.engine.onnx.capi.MemoryInfo;
import dev.parlo.engine.onnx.capi.OrtApi;
import dev.parlo.engine.onnx.capi.RunOptions;
import dev.parlo.engine.onnx.capi.Session;
import dev.parlo.engine.onnx.capi.SessionOptions;
import dev.parlo.engine.whisper.checkpoint.Checkpoint;
import dev.parlo.engine.whisper.checkpoint.WeightCache;
import dev.parlo.engine.whisper.checkpoint.WhisperConfig;
import dev.parlo.engine.whisper.checkpoint.WhisperShape;
import dev.parlo.engine.whisper.graph.ComputePlan;
import dev.parlo.engine.whisper.graph.ConvertedModel;
import dev.parlo.engine.whisper.network.DecodeArena;
import dev.parlo.engine.whisper.network.WhisperNetwork;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/**
 * The processor's graphs by the C API, written as plainly as it can be: one row a run, everything
 * bound anew. It shows that what differs between a GPU and {@link CpuNetwork} is not the way in
 * which ONNX Runtime is called.
 */
public final class CapiNetwork implements WhisperNetwork {
    private final OrtApi api = OrtApi.ofJava();
    private final MemoryInfo memory = MemoryInfo.cpu(api);
    private final RunOptions run = new RunOptions(api);
    private final Arena weights = Arena.ofShared();
    private final WhisperShape shape;
    private final WhisperConfig config;
    final EmbeddingTable embeddings;
    final Session encoder;
    final Session decoder;

    /**
     * @param type FLOAT32 or INT8
     */
    public CapiNetwork(Path directory, ComputeType type, WeightCache cache) {
        try (Checkpoint checkpoint = Checkpoint.open(directory)) {
            ConvertedModel converted =
                    ConvertedModel.of(
                            checkpoint,
                            ComputePlan.forThisProcessor(type),
                            cache,
                            new Cancellation());
            shape = checkpoint.shape();
            config = checkpoint.config();
            try (FileChannel file = FileChannel.open(converted.decoderWeights())) {
                embeddings =
                        new EmbeddingTable(
                                file.map(FileChannel.MapMode.READ_ONLY, 0, file.size(), weights),
                                converted.layout().embeddings(),
                                converted.layout().positions(),
                                shape.textPositions(),
                                shape.width());
            }
            try (SessionOptions options =
                    new SessionOptions(api, 1, SessionOptions.Optimization.ALL)) {
                encoder = new Session(api, converted.encoder(), options);
                decoder = new Session(api, converted.decoder(), options);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public DecodeArena openArena(int slots) {
        return new CapiArena(this, slots);
    }

    /** A run of one of the graphs. */
    CapiBinding bind(Session session) {
        return new CapiBinding(memory, run, session);
    }

    @Override
    public WhisperShape shape() {
        return shape;
    }

    @Override
    public WhisperConfig config() {
        return config;
    }

    @Override
    public Placement placement() {
        return Placement.Cpu.threads(1);
    }

    @Override
    public ComputeType computeType() {
        return ComputeType.FLOAT32;
    }

    @Override
    public String runtime() {
        return api.version();
    }

    @Override
    public long weightBytes() {
        return 0;
    }

    @Override
    public long memoryForWindows(long processBytes) {
        return processBytes;
    }

    @Override
    public long slotBytes() {
        return 1;
    }

    @Override
    public void close() {
        encoder.close();
        decoder.close();
        run.close();
        memory.close();
        weights.close();
    }
}
