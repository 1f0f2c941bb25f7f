package dev.parlo.engine.whisper.graph;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.parlo.engine.Cancellation;
import dev.parlo.engine.ComputeType;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.Placement;
import dev.parlo.engine.onnx.OnnxEnvironment;
import dev.parlo.engine.whisper.checkpoint.Checkpoint;
import dev.parlo.engine.whisper.checkpoint.WeightCache;
import dev.parlo.engine.whisper.checkpoint.WhisperConfig;
import dev.parlo.engine.whisper.checkpoint.WhisperShape;
import dev.parlo.engine.whisper.decode.DecodeArena;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A loaded Whisper network: two sessions whose weights exist once, shared by any number of {@link
 * #openArena arenas}. Thread-safe. Close it after its arenas.
 */
public final class WhisperModel implements AutoCloseable {
    private final OrtEnvironment environment = OnnxEnvironment.get();
    private final WhisperShape shape;
    private final WhisperConfig config;
    private final ComputePlan plan;
    private final ConvertedModel converted;
    private final Arena memory = Arena.ofShared();
    private final EmbeddingTable embeddings;
    private final OrtSession encoder;
    private final OrtSession decoder;

    private WhisperModel(
            Checkpoint checkpoint,
            ComputePlan plan,
            ConvertedModel converted,
            Placement.Cpu placement) {
        this.shape = checkpoint.shape();
        this.config = checkpoint.config();
        this.plan = plan;
        this.converted = converted;
        OrtSession opened = null;
        try {
            MemorySegment weights = map(converted.decoderWeights());
            this.embeddings =
                    new EmbeddingTable(
                            weights,
                            converted.layout().embeddings(),
                            converted.layout().positions(),
                            shape.textPositions(),
                            shape.width());
            opened = open(converted.encoder(), placement);
            this.decoder = open(converted.decoder(), placement);
            this.encoder = opened;
        } catch (OrtException | IOException | RuntimeException e) {
            memory.close();
            closeQuietly(opened);
            throw new EngineException(
                    EngineException.Category.BAD_MODEL,
                    "The model cannot be loaded: " + e.getMessage(),
                    e);
        }
    }

    /**
     * Loads a checkpoint directory; converts its weights first if the cache does not have them.
     *
     * @param cancellation ends the conversion early
     * @throws EngineException of category BAD_MODEL, NO_SPACE or CANCELLED
     */
    public static WhisperModel load(
            Path directory,
            ComputePlan plan,
            WeightCache cache,
            Placement.Cpu placement,
            Cancellation cancellation) {
        try (Checkpoint checkpoint = Checkpoint.open(directory)) {
            ConvertedModel converted = ConvertedModel.of(checkpoint, plan, cache, cancellation);
            cancellation.check();
            return new WhisperModel(checkpoint, plan, converted, placement);
        }
    }

    private MemorySegment map(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), memory);
        }
    }

    private OrtSession open(Path graph, Placement.Cpu placement) throws OrtException {
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(placement.threads());
            options.setInterOpNumThreads(1);
            options.setExecutionMode(OrtSession.SessionOptions.ExecutionMode.SEQUENTIAL);
            options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
            options.addConfigEntry(
                    "session.intra_op.allow_spinning", placement.spinning() ? "1" : "0");
            return environment.createSession(graph.toString(), options);
        }
    }

    public WhisperShape shape() {
        return shape;
    }

    public WhisperConfig config() {
        return config;
    }

    public ComputeType computeType() {
        return plan.type();
    }

    /** Bytes of the weights, which are in memory once. */
    public long weightBytes() {
        return converted.bytes();
    }

    /**
     * Memory to decode in.
     *
     * @param windows that can be decoded side by side
     * @param rowsPerWindow hypotheses of each
     */
    public DecodeArena openArena(int windows, int rowsPerWindow) {
        return new OrtDecodeArena(this, windows, rowsPerWindow);
    }

    /** Bytes that such an arena takes. */
    public long arenaBytes(int windows, int rowsPerWindow) {
        return KeyValueCaches.bytes(shape, windows, rowsPerWindow);
    }

    OrtEnvironment environment() {
        return environment;
    }

    OrtSession encoder() {
        return encoder;
    }

    OrtSession decoder() {
        return decoder;
    }

    EmbeddingTable embeddings() {
        return embeddings;
    }

    @Override
    public void close() {
        if (memory.scope().isAlive()) {
            closeQuietly(encoder);
            closeQuietly(decoder);
            memory.close();
        }
    }

    private static void closeQuietly(@org.jspecify.annotations.Nullable OrtSession session) {
        if (session == null) {
            return;
        }
        try {
            session.close();
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        }
    }
}
