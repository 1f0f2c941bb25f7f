package dev.parlo.engine.whisper.cuda;

import dev.parlo.engine.cuda.DeviceMemory;
import dev.parlo.engine.cuda.Gpu;
import dev.parlo.engine.cuda.GpuStream;
import dev.parlo.engine.cuda.PinnedMemory;
import dev.parlo.engine.onnx.capi.ElementType;
import dev.parlo.engine.onnx.capi.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.BitSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Rows of numbers that steps add to their logits: 0 where a token is allowed, a large negative one
 * where it is banned. Each is uploaded once; the one unused for longest makes room for a new one.
 *
 * @param <K> what a row stands for
 */
final class RuleTable<K> implements AutoCloseable {
    /** Far below any real logit, and still finite in sums. */
    private static final float BANNED = -1e30f;

    private final int capacity;
    private final int width;
    private final Function<K, BitSet> banned;
    private final DeviceMemory memory;
    private final PinnedMemory staging;
    private final Tensor tensor;
    private final Map<K, Integer> rows = new LinkedHashMap<>(16, 0.75f, true);

    /**
     * @param capacity rows at a time, no fewer than one run uses
     * @param width places of a row
     * @param banned which of them a row bans
     */
    RuleTable(Gpu gpu, int capacity, int width, Function<K, BitSet> banned) {
        this.capacity = capacity;
        this.width = width;
        this.banned = banned;
        this.memory = gpu.allocate((long) capacity * rowBytes(), "rules on tokens");
        this.staging = gpu.allocateHost(rowBytes());
        this.tensor =
                Tensor.over(gpu.memory(), memory.address(0), ElementType.FLOAT, capacity, width);
    }

    private long rowBytes() {
        return (long) width * Float.BYTES;
    }

    Tensor tensor() {
        return tensor;
    }

    /**
     * The row that stands for something, uploaded now if it is new.
     *
     * @param inUse rows of the same run, which must stay
     */
    int row(K key, Set<K> inUse, GpuStream stream) {
        Integer known = rows.get(key);
        if (known != null) {
            return known;
        }
        int row = rows.size() < capacity ? rows.size() : evict(inUse);
        upload(banned.apply(key), row, stream);
        rows.put(key, row);
        return row;
    }

    private int evict(Set<K> inUse) {
        for (Iterator<Map.Entry<K, Integer>> oldest = rows.entrySet().iterator();
                oldest.hasNext(); ) {
            Map.Entry<K, Integer> entry = oldest.next();
            if (!inUse.contains(entry.getKey())) {
                oldest.remove();
                return entry.getValue();
            }
        }
        throw new IllegalStateException(
                String.format(Locale.ROOT, "one run uses more than %d rules", capacity));
    }

    private void upload(BitSet bans, int row, GpuStream stream) {
        MemorySegment values = staging.segment();
        values.fill((byte) 0);
        for (int i = bans.nextSetBit(0); i >= 0 && i < width; i = bans.nextSetBit(i + 1)) {
            values.setAtIndex(ValueLayout.JAVA_FLOAT, i, BANNED);
        }
        stream.upload(memory, row * rowBytes(), values);
        stream.synchronize(); // the next row is written to the same place
    }

    @Override
    public void close() {
        tensor.close();
        staging.close();
        memory.close();
    }
}
