package dev.parlo.engine.whisper.cpu;

import ai.onnxruntime.OrtEnvironment;
import dev.parlo.engine.whisper.checkpoint.WhisperShape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The row caches of an arena, each made when a search first needs it: one row for every slot, five
 * rows for every slot, and for wider searches as many as they want for their slot alone, until the
 * slot is released. Used by the step's thread; {@link #bytes} by any.
 */
final class RowCaches implements AutoCloseable {
    /** Beams of faster-whisper's default, and hypotheses of its fallback. */
    private static final int USUAL_WIDTH = 5;

    /** Of a slot in which greedy searches and beams of usual width take turns. */
    static final int USUAL_ROWS = 1 + USUAL_WIDTH;

    private final OrtEnvironment environment;
    private final WhisperShape shape;
    private final int slots;
    private final Map<Integer, RowCache> wide = new HashMap<>();
    private @Nullable RowCache narrow;
    private @Nullable RowCache usual;

    /** For {@link #bytes}. */
    private final Set<RowCache> open = ConcurrentHashMap.newKeySet();

    RowCaches(OrtEnvironment environment, WhisperShape shape, int slots) {
        this.environment = environment;
        this.shape = shape;
        this.slots = slots;
    }

    /** Bytes of the rows of slots that were used. */
    long bytes() {
        return open.stream().mapToLong(RowCache::bytes).sum();
    }

    /** The cache in which a slot's search of some width has its rows. */
    RowCache of(int slot, int width) {
        RowCache cache = cache(slot, width);
        cache.use(slot);
        return cache;
    }

    private RowCache cache(int slot, int width) {
        if (width == 1) {
            RowCache cache = narrow;
            if (cache == null) {
                cache = opened(0, slots, 1);
                narrow = cache;
            }
            return cache;
        }
        if (width <= USUAL_WIDTH) {
            RowCache cache = usual;
            if (cache == null) {
                cache = opened(0, slots, USUAL_WIDTH);
                usual = cache;
            }
            return cache;
        }
        RowCache cache = wide.get(slot);
        if (cache == null || cache.width() < width) {
            if (cache != null) {
                close(cache);
            }
            wide.remove(slot);
            cache = opened(slot, 1, width);
            wide.put(slot, cache);
        }
        return cache;
    }

    /** While no slot is in use. */
    void trim() {
        open.forEach(RowCache::trim);
    }

    void release(int slot) {
        if (narrow != null) {
            narrow.release(slot);
        }
        if (usual != null) {
            usual.release(slot);
        }
        RowCache own = wide.remove(slot);
        if (own != null) {
            close(own);
        }
    }

    private RowCache opened(int firstSlot, int count, int width) {
        RowCache cache = new RowCache(environment, shape, firstSlot, count, width);
        open.add(cache);
        return cache;
    }

    private void close(RowCache cache) {
        open.remove(cache);
        cache.close();
    }

    @Override
    public void close() {
        List<RowCache> all = new ArrayList<>(wide.values());
        if (narrow != null) {
            all.add(narrow);
        }
        if (usual != null) {
            all.add(usual);
        }
        wide.clear();
        narrow = null;
        usual = null;
        all.forEach(this::close);
    }
}
