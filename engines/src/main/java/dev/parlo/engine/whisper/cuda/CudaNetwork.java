package dev.parlo.engine.whisper.cuda;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.ComputeType;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.Placement;
import dev.parlo.engine.cuda.CudaException;
import dev.parlo.engine.cuda.DeviceMemory;
import dev.parlo.engine.cuda.Gpu;
import dev.parlo.engine.cuda.GpuStream;
import dev.parlo.engine.onnx.capi.ElementType;
import dev.parlo.engine.onnx.capi.OrtStatusException;
import dev.parlo.engine.onnx.capi.Tensor;
import dev.parlo.engine.whisper.checkpoint.Checkpoint;
import dev.parlo.engine.whisper.checkpoint.WeightCache;
import dev.parlo.engine.whisper.checkpoint.WhisperConfig;
import dev.parlo.engine.whisper.checkpoint.WhisperShape;
import dev.parlo.engine.whisper.graph.DeviceModel;
import dev.parlo.engine.whisper.graph.SelfAttention;
import dev.parlo.engine.whisper.network.DecodeArena;
import dev.parlo.engine.whisper.network.Resources;
import dev.parlo.engine.whisper.network.WhisperNetwork;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whisper on a GPU: its weights, which exist once in the device's memory, and the graphs that read
 * them. Thread-safe. Close it after its arenas and before its GPU.
 */
public final class CudaNetwork implements WhisperNetwork {
    private static final Logger LOG = LoggerFactory.getLogger(CudaNetwork.class);

    /** Weights that are on their way at a time. */
    private static final long PART_BYTES = 64L << 20;

    private static final double SHARE_OF_WINDOWS = 0.6;

    private final Gpu gpu;
    private final WhisperShape shape;
    private final WhisperConfig config;
    private final DeviceModel model;
    private final DeviceMemory weights;
    private final Map<String, Tensor> tensors = new HashMap<>();
    private final Resources resources = new Resources();

    private CudaNetwork(Checkpoint checkpoint, DeviceModel model, Gpu gpu) {
        this.gpu = gpu;
        this.shape = checkpoint.shape();
        this.config = checkpoint.config();
        this.model = model;
        try {
            weights = upload(model.weights());
            for (DeviceModel.Weight weight : model.layout().weights()) {
                Tensor tensor =
                        Tensor.over(
                                gpu.memory(),
                                weights.address(weight.offset()),
                                elementType(),
                                weight.dims());
                tensors.put(weight.name(), resources.add(tensor, tensor::close));
            }
        } catch (IOException e) {
            resources.close();
            throw new EngineException(
                    EngineException.Category.BAD_MODEL,
                    "The model cannot be loaded: " + e.getMessage(),
                    e);
        } catch (CudaException e) {
            resources.close();
            throw gpu.failure("Loading the model", e);
        } catch (RuntimeException | Error e) {
            resources.close();
            throw e;
        }
    }

    /**
     * Loads a checkpoint directory; converts its weights first if the cache does not have them.
     *
     * @param type FLOAT16 or FLOAT32
     * @param cancellation ends the conversion early
     * @throws EngineException of category BAD_REQUEST for another type, BAD_MODEL, NO_SPACE or
     *     CANCELLED
     */
    public static CudaNetwork load(
            Path directory,
            ComputeType type,
            WeightCache cache,
            Gpu gpu,
            Cancellation cancellation) {
        return load(directory, type, attention(type), cache, gpu, cancellation);
    }

    /** The same of an open checkpoint, which is not needed when it is loaded. */
    public static CudaNetwork load(
            Checkpoint checkpoint,
            ComputeType type,
            WeightCache cache,
            Gpu gpu,
            Cancellation cancellation) {
        return load(checkpoint, type, attention(type), cache, gpu, cancellation);
    }

    /** With a way to attend that a GPU may not have for numbers of that type. */
    public static CudaNetwork load(
            Path directory,
            ComputeType type,
            SelfAttention attention,
            WeightCache cache,
            Gpu gpu,
            Cancellation cancellation) {
        try (Checkpoint checkpoint = Checkpoint.open(directory)) {
            return load(checkpoint, type, attention, cache, gpu, cancellation);
        }
    }

    private static CudaNetwork load(
            Checkpoint checkpoint,
            ComputeType type,
            SelfAttention attention,
            WeightCache cache,
            Gpu gpu,
            Cancellation cancellation) {
        DeviceModel model = DeviceModel.of(checkpoint, type, attention, cache, cancellation);
        cancellation.check();
        CudaNetwork network = new CudaNetwork(checkpoint, model, gpu);
        LOG.info(
                "'{}' on GPU {}: {} MB of weights, {} MB a window, {} MB free",
                checkpoint.directory().getFileName(),
                gpu.index(),
                network.weightBytes() >> 20,
                network.slotBytes() >> 20,
                gpu.freeBytes() >> 20);
        return network;
    }

    /**
     * Puts a checkpoint's converted weights into the cache, unless they are there.
     *
     * @throws EngineException as {@link #load}
     */
    public static void convert(
            Path directory, ComputeType type, WeightCache cache, Cancellation cancellation) {
        try (Checkpoint checkpoint = Checkpoint.open(directory)) {
            DeviceModel.of(checkpoint, type, attention(type), cache, cancellation);
        }
    }

    /** The one that a GPU has for numbers of that type. */
    private static SelfAttention attention(ComputeType type) {
        return type == ComputeType.FLOAT16 ? SelfAttention.GROUPED : SelfAttention.SCATTERED;
    }

    private DeviceMemory upload(Path file) throws IOException {
        try (Arena arena = Arena.ofConfined();
                FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long bytes = channel.size();
            MemorySegment content = channel.map(FileChannel.MapMode.READ_ONLY, 0, bytes, arena);
            DeviceMemory memory = gpu.allocate(bytes, "the model's weights");
            resources.add(memory, memory::close);
            try (GpuStream stream = gpu.openStream()) {
                for (long at = 0; at < bytes; at += PART_BYTES) {
                    long part = Math.min(PART_BYTES, bytes - at);
                    stream.upload(memory, at, content.asSlice(at, part));
                    stream.synchronize();
                }
            }
            return memory;
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
    public Placement placement() {
        return new Placement.Cuda(gpu.index());
    }

    @Override
    public ComputeType computeType() {
        return model.layout().type();
    }

    @Override
    public String runtime() {
        return "ONNX Runtime " + gpu.api().version();
    }

    @Override
    public long weightBytes() {
        return weights.bytes();
    }

    @Override
    public DecodeArena openArena(int slots) {
        try {
            return new CudaDecodeArena(this, slots);
        } catch (OrtStatusException | CudaException e) {
            throw gpu.failure("Opening memory to decode in", e);
        }
    }

    /**
     * Of the device's: the rest is for what runs there beside the windows, such as the encoder's
     * activations and other models.
     */
    @Override
    public long memoryForWindows(long processBytes) {
        return (long) (gpu.freeBytes() * SHARE_OF_WINDOWS);
    }

    @Override
    public long slotBytes() {
        return CrossSlots.bytes(shape, elementType())
                + RowPools.ROWS * RowPool.bytes(shape, elementType());
    }

    Gpu gpu() {
        return gpu;
    }

    DeviceModel model() {
        return model;
    }

    /** Of weights, activations and caches. */
    ElementType elementType() {
        return model.layout().type() == ComputeType.FLOAT16
                ? ElementType.FLOAT16
                : ElementType.FLOAT;
    }

    /** What a graph's input of that name reads, where it is a weight. */
    Optional<Tensor> weight(String name) {
        return Optional.ofNullable(tensors.get(name));
    }

    @Override
    public void close() {
        resources.close();
    }
}
