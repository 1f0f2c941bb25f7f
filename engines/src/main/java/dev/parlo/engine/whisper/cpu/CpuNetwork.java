package dev.parlo.engine.whisper.cpu;

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
import dev.parlo.engine.whisper.graph.ComputePlan;
import dev.parlo.engine.whisper.graph.ConvertedModel;
import dev.parlo.engine.whisper.network.DecodeArena;
import dev.parlo.engine.whisper.network.Resources;
import dev.parlo.engine.whisper.network.WhisperNetwork;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * Whisper on ONNX Runtime's CPU kernels: two sessions, of which any number of arenas make use.
 * Thread-safe.
 */
public final class CpuNetwork implements WhisperNetwork {
    private final OrtEnvironment environment = OnnxEnvironment.get();
    private final WhisperShape shape;
    private final WhisperConfig config;
    private final ComputePlan plan;
    private final Placement.Cpu placement;
    private final long weightBytes;
    private final long encoderBytes;
    private final Path encoderGraph;
    private final Resources resources = new Resources();
    private final MappedFiles files;
    private final EmbeddingTable embeddings;
    private final OrtSession encoder;
    private final OrtSession decoder;

    private CpuNetwork(
            Checkpoint checkpoint,
            ComputePlan plan,
            ConvertedModel converted,
            Placement.Cpu placement) {
        this.shape = checkpoint.shape();
        this.config = checkpoint.config();
        this.plan = plan;
        this.placement = placement;
        this.encoderGraph = converted.encoder();
        try {
            Arena memory = Arena.ofShared();
            resources.add(memory, memory::close);
            MappedFiles mapped =
                    new MappedFiles(
                            List.of(converted.encoderWeights(), converted.decoderWeights()));
            files = resources.add(mapped, () -> closeUnchecked(mapped));
            // Once: it is asked for at every release of a lease, and the files may be gone by then.
            weightBytes = converted.bytes();
            encoderBytes = Files.size(converted.encoderWeights());
            MemorySegment weights = map(converted.decoderWeights(), memory);
            this.embeddings =
                    new EmbeddingTable(
                            weights,
                            converted.layout().embeddings(),
                            converted.layout().positions(),
                            shape.textPositions(),
                            shape.width());
            encoder = added(open(converted.encoder(), placement.threads()));
            decoder = added(open(converted.decoder(), placement.threads()));
        } catch (OrtException | IOException | RuntimeException e) {
            resources.close();
            throw new EngineException(
                    EngineException.Category.BAD_MODEL,
                    "The model cannot be loaded: " + e.getMessage(),
                    e);
        } catch (Error e) { // such as no more memory: what is open lies outside of the heap
            resources.close();
            throw e;
        }
    }

    private OrtSession added(OrtSession session) {
        return resources.add(session, () -> closeUnchecked(session));
    }

    /**
     * Loads a checkpoint directory; converts its weights first if the cache does not have them.
     *
     * @param cancellation ends the conversion early
     * @throws EngineException of category BAD_MODEL, NO_SPACE or CANCELLED
     */
    public static CpuNetwork load(
            Path directory,
            ComputePlan plan,
            WeightCache cache,
            Placement.Cpu placement,
            Cancellation cancellation) {
        try (Checkpoint checkpoint = Checkpoint.open(directory)) {
            return load(checkpoint, plan, cache, placement, cancellation);
        }
    }

    /** The same of an open checkpoint, which is not needed when it is loaded. */
    public static CpuNetwork load(
            Checkpoint checkpoint,
            ComputePlan plan,
            WeightCache cache,
            Placement.Cpu placement,
            Cancellation cancellation) {
        ConvertedModel converted = ConvertedModel.of(checkpoint, plan, cache, cancellation);
        cancellation.check();
        return new CpuNetwork(checkpoint, plan, converted, placement);
    }

    /**
     * Puts a checkpoint's converted weights into the cache, unless they are there.
     *
     * @param cancellation ends it early
     * @throws EngineException as {@link #load}
     */
    public static void convert(
            Path directory, ComputePlan plan, WeightCache cache, Cancellation cancellation) {
        try (Checkpoint checkpoint = Checkpoint.open(directory)) {
            ConvertedModel.of(checkpoint, plan, cache, cancellation);
        }
    }

    private static MemorySegment map(Path file, Arena memory) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), memory);
        }
    }

    private OrtSession open(Path graph, int threads) throws OrtException {
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(threads);
            options.setInterOpNumThreads(1);
            options.setExecutionMode(OrtSession.SessionOptions.ExecutionMode.SEQUENTIAL);
            options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
            options.addConfigEntry(
                    "session.intra_op.allow_spinning", placement.spinning() ? "1" : "0");
            return environment.createSession(graph.toString(), options);
        }
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
    public Placement.Cpu placement() {
        return placement;
    }

    @Override
    public ComputeType computeType() {
        return plan.type();
    }

    @Override
    public String runtime() {
        return OnnxEnvironment.label();
    }

    @Override
    public long weightBytes() {
        return weightBytes;
    }

    @Override
    public boolean shortWindows() {
        return true;
    }

    @Override
    public DecodeArena openArena(int slots) {
        return new CpuDecodeArena(this, slots, new Resources());
    }

    /**
     * Half of what the weights and the encoder's runs leave: other models shall not have to leave
     * for a crowd at this one. Where there is room for encoders side by side, but not beside the
     * windows that they are opened for, there are fewer windows instead.
     */
    @Override
    public long memoryForWindows(long processBytes) {
        int threads = placement.threads();
        long left = Math.max(0, processBytes - weightBytes - EncoderRun.bytes(shape));
        if (!EncodersSideBySide.pay(threads, encoderBytes)) {
            return left / 2;
        }
        long beside = left - EncodersSideBySide.bytes(shape, encoderBytes, threads);
        long least = EncodersSideBySide.leastSlots(threads) * slotBytes();
        return beside / 2 >= least ? beside / 2 : Math.min(left / 2, least - 1);
    }

    @Override
    public long slotBytes() {
        return CrossCache.bytes(shape) + RowCaches.USUAL_ROWS * RowCache.bytes(shape);
    }

    /**
     * Before each step.
     *
     * @throws EngineException as {@link MappedFiles#check}
     */
    void checkFiles() {
        files.check();
    }

    OrtEnvironment environment() {
        return environment;
    }

    OrtSession encoder() {
        return encoder;
    }

    /** The encoder once more, with threads of its own; whoever asks closes it. */
    OrtSession openEncoder(int threads) throws OrtException {
        return open(encoderGraph, threads);
    }

    /** Of the encoder's weights. */
    long encoderBytes() {
        return encoderBytes;
    }

    OrtSession decoder() {
        return decoder;
    }

    EmbeddingTable embeddings() {
        return embeddings;
    }

    @Override
    public void close() {
        resources.close();
    }

    static void closeUnchecked(AutoCloseable opened) {
        try {
            opened.close();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
