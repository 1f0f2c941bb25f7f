package dev.parlo.engine.whisper.cpu;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import dev.parlo.engine.whisper.decode.TokenMask;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The masks that steps use, uploaded once each; the one unused for longest makes room for a new
 * one. Not thread-safe.
 */
final class MaskTable implements AutoCloseable {
    private final int capacity;
    private final int width;
    private final Arena memory = Arena.ofShared();
    private final ByteBuffer bytes;
    private final OnnxTensor tensor;
    private final Map<TokenMask, Integer> rows = new LinkedHashMap<>(16, 0.75f, true);

    /**
     * @param capacity masks at a time, no fewer than one run uses
     * @param width text ids
     */
    MaskTable(OrtEnvironment environment, int capacity, int width) throws OrtException {
        this.capacity = capacity;
        this.width = width;
        try {
            bytes = Buffers.bytes(memory, capacity, width);
            tensor =
                    OnnxTensor.createTensor(
                            environment, bytes, new long[] {capacity, width}, OnnxJavaType.BOOL);
        } catch (Throwable e) { // errors, too: the memory lies outside of the heap
            memory.close();
            throw e;
        }
    }

    OnnxTensor tensor() {
        return tensor;
    }

    /**
     * The row of a mask, uploaded now if it is new.
     *
     * @param inUse masks of the same run, which must stay
     */
    int row(TokenMask mask, Set<TokenMask> inUse) {
        Integer known = rows.get(mask);
        if (known != null) {
            return known;
        }
        int row = rows.size() < capacity ? rows.size() : evict(inUse);
        write(mask, row);
        rows.put(mask, row);
        return row;
    }

    private int evict(Set<TokenMask> inUse) {
        for (Iterator<Map.Entry<TokenMask, Integer>> oldest = rows.entrySet().iterator();
                oldest.hasNext(); ) {
            Map.Entry<TokenMask, Integer> entry = oldest.next();
            if (!inUse.contains(entry.getKey())) {
                oldest.remove();
                return entry.getValue();
            }
        }
        throw new IllegalStateException(
                String.format(Locale.ROOT, "one run uses more than %d masks", capacity));
    }

    private void write(TokenMask mask, int row) {
        int base = row * width;
        bytes.put(base, new byte[width]);
        BitSet banned = mask.banned();
        for (int id = banned.nextSetBit(0); id >= 0 && id < width; id = banned.nextSetBit(id + 1)) {
            bytes.put(base + id, (byte) 1);
        }
    }

    @Override
    public void close() {
        tensor.close();
        memory.close();
    }
}
