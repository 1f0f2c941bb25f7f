package dev.parlo.engine.whisper.graph;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import dev.parlo.engine.whisper.checkpoint.WhisperShape;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.Map;

/**
 * The static attention caches of an arena: for each decoder layer keys and values of every row
 * ({@code [rows, heads, positions, 64]}) and of every window ({@code [windows, heads, 1500, 64]},
 * values transposed). Tensors are views on one block of native memory; none is ever moved. Not
 * thread-safe.
 */
final class KeyValueCaches implements AutoCloseable {
    /**
     * Tokens a row can hold: 448, and room behind them where idle rows of a run write what nobody
     * reads.
     */
    static final int POSITIONS = 456;

    private static final int HEAD = WhisperShape.HEAD_WIDTH;

    private final OrtEnvironment environment;
    private final WhisperShape shape;
    private final NativeBlock selfBlock;
    private final NativeBlock crossBlock;
    private final MemorySegment self;
    private final MemorySegment cross;
    private final int rows;
    private final int windows;
    private final Map<View, OnnxTensor> views = new HashMap<>();

    private record View(boolean selfAttention, int plane, int first, int count) {}

    KeyValueCaches(OrtEnvironment environment, WhisperShape shape, int windows, int rowsPerWindow) {
        this.environment = environment;
        this.shape = shape;
        this.windows = windows;
        this.rows = windows * rowsPerWindow;
        this.selfBlock = new NativeBlock(planes() * selfBytes(shape) * rows);
        try {
            this.crossBlock = new NativeBlock(planes() * crossBytes(shape) * windows);
        } catch (RuntimeException e) {
            selfBlock.close();
            throw e;
        }
        this.self = selfBlock.segment();
        this.cross = crossBlock.segment();
    }

    static long bytes(WhisperShape shape, int windows, int rowsPerWindow) {
        long planes = 2L * shape.decoderLayers();
        return planes * (selfBytes(shape) * windows * rowsPerWindow + crossBytes(shape) * windows);
    }

    private long planes() {
        return 2L * shape.decoderLayers();
    }

    private static long selfBytes(WhisperShape shape) {
        return (long) shape.heads() * POSITIONS * HEAD * Float.BYTES;
    }

    private static long crossBytes(WhisperShape shape) {
        return (long) shape.heads() * WhisperShape.AUDIO_POSITIONS * HEAD * Float.BYTES;
    }

    /** Keys (plane 2·layer) or values (2·layer + 1) of consecutive rows. */
    OnnxTensor self(int plane, int firstRow, int count) throws OrtException {
        return view(new View(true, plane, firstRow, count));
    }

    /** Cross-attention keys (plane 2·layer) or values (2·layer + 1) of consecutive windows. */
    OnnxTensor cross(int plane, int firstWindow, int count) throws OrtException {
        return view(new View(false, plane, firstWindow, count));
    }

    private OnnxTensor view(View view) throws OrtException {
        OnnxTensor known = views.get(view);
        if (known != null) {
            return known;
        }
        OnnxTensor tensor = view.selfAttention() ? selfView(view) : crossView(view);
        views.put(view, tensor);
        return tensor;
    }

    private OnnxTensor selfView(View view) throws OrtException {
        long row = selfBytes(shape);
        long[] dims = {view.count(), shape.heads(), POSITIONS, HEAD};
        return tensor(
                self, ((long) view.plane() * rows + view.first()) * row, view.count() * row, dims);
    }

    private OnnxTensor crossView(View view) throws OrtException {
        long window = crossBytes(shape);
        int audio = WhisperShape.AUDIO_POSITIONS;
        boolean keys = view.plane() % 2 == 0;
        long[] dims = {view.count(), shape.heads(), keys ? audio : HEAD, keys ? HEAD : audio};
        return tensor(
                cross,
                ((long) view.plane() * windows + view.first()) * window,
                view.count() * window,
                dims);
    }

    private OnnxTensor tensor(MemorySegment block, long offset, long length, long[] dims)
            throws OrtException {
        FloatBuffer buffer =
                block.asSlice(offset, length)
                        .asByteBuffer()
                        .order(ByteOrder.nativeOrder())
                        .asFloatBuffer();
        return OnnxTensor.createTensor(environment, buffer, dims);
    }

    /** Copies tokens {@code from} to {@code to} (exclusive) of one row over another. */
    void copyRow(int source, int target, int from, int to) {
        long head = (long) POSITIONS * HEAD * Float.BYTES;
        long start = (long) from * HEAD * Float.BYTES;
        long length = (long) (to - from) * HEAD * Float.BYTES;
        for (int plane = 0; plane < planes(); plane++) {
            long base = (long) plane * rows * selfBytes(shape);
            for (int h = 0; h < shape.heads(); h++) {
                MemorySegment.copy(
                        self,
                        base + source * selfBytes(shape) + h * head + start,
                        self,
                        base + target * selfBytes(shape) + h * head + start,
                        length);
            }
        }
    }

    @Override
    public void close() {
        views.values().forEach(OnnxTensor::close);
        views.clear();
        selfBlock.close();
        crossBlock.close();
    }
}
