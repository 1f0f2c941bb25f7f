package dev.parlo.engine.whisper;

import dev.parlo.engine.whisper.decode.DecodeArena;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.IntFunction;

/**
 * Arenas of one window each, kept between requests: as many as there are workers. A request that
 * needs more rows than usual gets an arena of its own, which is freed after it. Thread-safe.
 */
final class ArenaPool implements AutoCloseable {
    /** Beams of faster-whisper's default. */
    static final int USUAL_ROWS = 5;

    private final IntFunction<DecodeArena> opener;
    private final Deque<DecodeArena> idle = new ArrayDeque<>();
    private int open;
    private boolean closed;

    /**
     * @param opener makes an arena of one window with so many rows
     */
    ArenaPool(IntFunction<DecodeArena> opener) {
        this.opener = opener;
    }

    DecodeArena borrow(int rows) {
        if (rows <= USUAL_ROWS) {
            synchronized (this) {
                DecodeArena arena = idle.poll();
                if (arena != null) {
                    return arena;
                }
            }
        }
        DecodeArena opened = opener.apply(Math.max(rows, USUAL_ROWS));
        if (rows <= USUAL_ROWS) {
            synchronized (this) {
                open++;
            }
        }
        return opened;
    }

    void giveBack(DecodeArena arena) {
        if (arena.step().rowsPerWindow() == USUAL_ROWS) {
            synchronized (this) {
                if (!closed) {
                    idle.push(arena);
                    return;
                }
                open--;
            }
        }
        arena.close();
    }

    /** Arenas of the usual size that exist now. */
    synchronized int open() {
        return open;
    }

    @Override
    public synchronized void close() {
        closed = true;
        open -= idle.size();
        idle.forEach(DecodeArena::close);
        idle.clear();
    }
}
