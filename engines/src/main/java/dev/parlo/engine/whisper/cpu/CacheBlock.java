package dev.parlo.engine.whisper.cpu;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Planes of equal entries in one block of native memory, {@code [planes, entries, …]}, and tensors
 * that are views of consecutive entries of a plane. Nothing in it is ever moved. Not thread-safe.
 */
final class CacheBlock implements AutoCloseable {
    private final OrtEnvironment environment;
    private final NativeBlock memory;
    private final int planes;
    private final int entries;
    private final long entryBytes;
    private final Map<View, OnnxTensor> views = new HashMap<>();

    private record View(int plane, int first, int count) {}

    CacheBlock(OrtEnvironment environment, int planes, int entries, long entryBytes) {
        this.environment = environment;
        this.planes = planes;
        this.entries = entries;
        this.entryBytes = entryBytes;
        this.memory =
                new NativeBlock(
                        Math.multiplyExact(Math.multiplyExact(entryBytes, entries), (long) planes));
    }

    NativeBlock memory() {
        return memory;
    }

    /**
     * Gives back the memory of all entries from one on; what they held is lost.
     *
     * @return false where the system keeps it
     */
    boolean forgetFrom(int entry) {
        boolean forgotten = true;
        for (int plane = 0; plane < planes; plane++) {
            forgotten &= memory.forget(offset(plane, entry), (entries - entry) * entryBytes);
        }
        return forgotten;
    }

    /** Where an entry begins in the block. */
    long offset(int plane, int entry) {
        return ((long) plane * entries + entry) * entryBytes;
    }

    /**
     * Consecutive entries of a plane as one tensor, made once.
     *
     * @param dims of an entry
     */
    OnnxTensor view(int plane, int first, int count, long... dims) throws OrtException {
        View view = new View(plane, first, count);
        OnnxTensor known = views.get(view);
        if (known != null) {
            return known;
        }
        long[] shape = new long[dims.length + 1];
        shape[0] = count;
        System.arraycopy(dims, 0, shape, 1, dims.length);
        OnnxTensor tensor = tensor(plane, first, shape);
        views.put(view, tensor);
        return tensor;
    }

    /**
     * The beginning of one entry as a tensor, which belongs to whoever asks for it.
     *
     * @param dims of the tensor, of no more values than an entry has
     */
    OnnxTensor beginning(int plane, int entry, long... dims) throws OrtException {
        return tensor(plane, entry, dims);
    }

    private OnnxTensor tensor(int plane, int first, long[] shape) throws OrtException {
        long bytes = Arrays.stream(shape).reduce(Float.BYTES, Math::multiplyExact);
        return OnnxTensor.createTensor(
                environment,
                memory.segment()
                        .asSlice(offset(plane, first), bytes)
                        .asByteBuffer()
                        .order(ByteOrder.nativeOrder())
                        .asFloatBuffer(),
                shape);
    }

    @Override
    public void close() {
        views.values().forEach(OnnxTensor::close);
        views.clear();
        memory.close();
    }
}
