package dev.parlo.engine.whisper.cuda;

import dev.parlo.engine.cuda.CudaDriver;
import dev.parlo.engine.cuda.DeviceMemory;
import dev.parlo.engine.cuda.Gpu;
import dev.parlo.engine.cuda.GpuStream;
import dev.parlo.engine.onnx.capi.ElementType;
import dev.parlo.engine.onnx.capi.Tensor;
import dev.parlo.engine.whisper.checkpoint.WhisperShape;
import dev.parlo.engine.whisper.graph.DeviceModel;
import dev.parlo.engine.whisper.network.CachedTokens;
import java.util.Arrays;

/**
 * Self-attention caches of consecutive slots with equally many rows each, {@code [layers, 2, rows,
 * heads, positions, 64]} on the device, and the tokens that each row holds.
 */
final class RowPool implements AutoCloseable {
    static final int POSITIONS = DeviceModel.CACHE_POSITIONS;

    private static final int HEAD = WhisperShape.HEAD_WIDTH;

    private final Gpu gpu;
    private final ElementType type;
    private final int heads;
    private final int planes;
    private final int firstSlot;
    private final int slots;
    private final int width;
    private final DeviceMemory memory;
    private final CachedTokens[] held;

    /**
     * @param width rows of each slot
     */
    RowPool(Gpu gpu, WhisperShape shape, ElementType type, int firstSlot, int slots, int width) {
        this.gpu = gpu;
        this.type = type;
        this.heads = shape.heads();
        this.planes = 2 * shape.decoderLayers();
        this.firstSlot = firstSlot;
        this.slots = slots;
        this.width = width;
        int rows = slots * width;
        this.memory = gpu.allocate(rows * bytes(shape, type), rows + " rows of tokens");
        this.held = new CachedTokens[rows];
        Arrays.setAll(held, i -> new CachedTokens());
    }

    /** Bytes of one row. */
    static long bytes(WhisperShape shape, ElementType type) {
        return 2L * shape.decoderLayers() * shape.heads() * POSITIONS * HEAD * type.bytes();
    }

    long bytes() {
        return memory.bytes();
    }

    int firstSlot() {
        return firstSlot;
    }

    int slots() {
        return slots;
    }

    int width() {
        return width;
    }

    /** Index of a slot's row. */
    int index(int slot, int row) {
        return (slot - firstSlot) * width + row;
    }

    CachedTokens held(int index) {
        return held[index];
    }

    /** Of consecutive rows; the caller closes it. */
    Tensor keys(int layer, int first, int count) {
        return view(2 * layer, first, count);
    }

    /** Of consecutive rows; the caller closes it. */
    Tensor values(int layer, int first, int count) {
        return view(2 * layer + 1, first, count);
    }

    private Tensor view(int plane, int first, int count) {
        long address = memory.address(((long) plane * held.length + first) * rowBytes());
        return Tensor.over(gpu.memory(), address, type, count, heads, POSITIONS, HEAD);
    }

    /** Of one row in one plane. */
    private long rowBytes() {
        return heads * headBytes();
    }

    private long headBytes() {
        return (long) POSITIONS * HEAD * type.bytes();
    }

    /**
     * Copies the first tokens of a row over another, of all layers at once: in each plane lie the
     * rows, in each row the heads.
     */
    void copy(int source, int target, int length, GpuStream stream) {
        // Beams descend from one another, so most of what is to be copied is there already.
        int same = held[source].commonPrefix(held[target], length);
        if (same < length) {
            long tokenBytes = (long) HEAD * type.bytes();
            long start = same * tokenBytes;
            stream.copy(
                    new CudaDriver.Block(
                            memory.address(source * rowBytes() + start),
                            memory.address(target * rowBytes() + start),
                            (length - same) * tokenBytes,
                            heads,
                            planes,
                            headBytes(),
                            held.length * rowBytes()));
        }
        held[target].copy(held[source], length);
    }

    /** What the rows of a slot hold is not needed any more. */
    void release(int slot) {
        for (int row = 0; row < width; row++) {
            held[index(slot, row)].clear();
        }
    }

    @Override
    public void close() {
        memory.close();
    }
}
