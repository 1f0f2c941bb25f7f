package dev.parlo.engine.whisper.cuda;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The rows of an arena: one for every slot, five for every slot, both there from the start because
 * recordings keep their addresses; and for wider searches as many as they want for their slot
 * alone, until the slot is released.
 */
final class RowPools implements AutoCloseable {
    /** Beams of faster-whisper's default, and hypotheses of its fallback. */
    static final int USUAL_WIDTH = 5;

    /** Of a slot in which greedy searches and beams of usual width take turns. */
    static final int ROWS = 1 + USUAL_WIDTH;

    /** Makes the rows of consecutive slots. */
    interface Opener {
        RowPool open(int firstSlot, int slots, int width);
    }

    private final Opener opener;
    private final Consumer<RowPool> closing;
    private final RowPool narrow;
    private final RowPool usual;
    private final Map<Integer, RowPool> wide = new HashMap<>();

    /**
     * @param closing told of rows that are freed before the arena is
     */
    RowPools(int slots, Opener opener, Consumer<RowPool> closing) {
        this.opener = opener;
        this.closing = closing;
        narrow = opener.open(0, slots, 1);
        try {
            usual = opener.open(0, slots, USUAL_WIDTH);
        } catch (RuntimeException | Error e) {
            narrow.close();
            throw e;
        }
    }

    RowPool narrow() {
        return narrow;
    }

    RowPool usual() {
        return usual;
    }

    long bytes() {
        return narrow.bytes() + usual.bytes();
    }

    /** The rows in which a slot's search of some width has its own. */
    RowPool of(int slot, int width) {
        if (width == 1) {
            return narrow;
        }
        if (width <= USUAL_WIDTH) {
            return usual;
        }
        RowPool pool = wide.get(slot);
        if (pool == null || pool.width() < width) {
            if (pool != null) {
                wide.remove(slot);
                close(pool);
            }
            pool = opener.open(slot, 1, width);
            wide.put(slot, pool);
        }
        return pool;
    }

    void release(int slot) {
        narrow.release(slot);
        usual.release(slot);
        RowPool own = wide.remove(slot);
        if (own != null) {
            close(own);
        }
    }

    private void close(RowPool pool) {
        closing.accept(pool);
        pool.close();
    }

    @Override
    public void close() {
        narrow.close();
        usual.close();
        wide.values().forEach(RowPool::close);
        wide.clear();
    }
}
