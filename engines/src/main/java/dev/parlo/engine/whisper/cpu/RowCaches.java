package dev.parlo.engine.whisper.cpu;

import ai.onnxruntime.OrtEnvironment;
import dev.parlo.engine.whisper.checkpoint.WhisperShape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The row caches of an arena, each made when a search first needs it: one row for every slot, five
 * rows for every slot, and for wider searches as many as they want for their slot alone, until the
 * slot is released. Used by the step's thread; {@link #bytes} by any.
 */
final class RowCaches implements AutoCloseable {
    /** Beams of faster-whisper's default, and hypotheses of its fallback. */
    private static final int USUAL_WIDTH = 5;

    private final OrtEnvironment environment;
    private final WhisperShape shape;
    private final int slots;
    private final Map<Integer, RowCache> wide = new HashMap<>();
    private @Nullable RowCache narrow;
    private @Nullable RowCache usual;
    private final AtomicLong bytes = new AtomicLong();

    RowCaches(OrtEnvironment environment, WhisperShape shape, int slots) {
        this.environment = environment;
        this.shape = shape;
        this.slots = slots;
    }

    /** Rows that a search of some width is given. */
    static int rowsFor(int width) {
        return width > 1 && width < USUAL_WIDTH ? USUAL_WIDTH : width;
    }

    long bytes() {
        return bytes.get();
    }

    /** The cache in which a slot's search of some width has its rows. */
    RowCache of(int slot, int width) {
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
        bytes.addAndGet(cache.bytes());
        return cache;
    }

    private void close(RowCache cache) {
        bytes.addAndGet(-cache.bytes());
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
