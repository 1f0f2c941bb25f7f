package dev.parlo.engine.whisper.cuda;

import dev.parlo.engine.cuda.DeviceMemory;
import dev.parlo.engine.cuda.Gpu;
import dev.parlo.engine.cuda.GpuStream;
import dev.parlo.engine.cuda.PinnedMemory;
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
 * Numbers that steps add to their logits: 0 where a token is allowed, a large negative one where it
 * is banned; of one zone of the vocabulary. Each set is uploaded once; the one unused for longest
 * makes room for a new one.
 *
 * @param <K> what a set stands for
 */
final class RuleTable<K> implements AutoCloseable {
    /** Far below any real logit, and still finite in sums. */
    private static final float BANNED = -1e30f;

    private final int capacity;
    private final int width;
    private final Function<K, BitSet> banned;
    private final DeviceMemory memory;
    private final long offset;
    private final PinnedMemory staging;
    private final Map<K, Integer> rows = new LinkedHashMap<>(16, 0.75f, true);

    /**
     * @param memory in which the sets lie from {@code offset} on
     * @param capacity sets at a time, no fewer than one run uses
     * @param width places of a set
     * @param banned which of them a set bans
     */
    RuleTable(
            Gpu gpu,
            DeviceMemory memory,
            long offset,
            int capacity,
            int width,
            Function<K, BitSet> banned) {
        this.memory = memory;
        this.offset = offset;
        this.capacity = capacity;
        this.width = width;
        this.banned = banned;
        this.staging = gpu.allocateHost(rowBytes());
    }

    private long rowBytes() {
        return (long) width * Float.BYTES;
    }

    /**
     * The number of the set that stands for something, uploaded now if it is new.
     *
     * @param inUse sets of the same run, which must stay
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
        stream.upload(memory, offset + row * rowBytes(), values);
        stream.synchronize(); // the next row is written to the same place
    }

    @Override
    public void close() {
        staging.close();
    }
}
