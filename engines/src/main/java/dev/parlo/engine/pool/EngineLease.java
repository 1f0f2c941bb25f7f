package dev.parlo.engine.pool;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One borrowed use of an engine: while it is open the engine stays loaded. Closing twice is
 * harmless. Thread-safe.
 */
public final class EngineLease<E> implements AutoCloseable {
    private final E engine;
    private final Runnable release;
    private final AtomicBoolean closed = new AtomicBoolean();

    EngineLease(E engine, Runnable release) {
        this.engine = engine;
        this.release = release;
    }

    /**
     * The engine, to be used until this lease is closed and not kept beyond.
     *
     * @throws IllegalStateException when the lease is closed
     */
    public E engine() {
        if (closed.get()) {
            throw new IllegalStateException("The lease of this engine is closed.");
        }
        return engine;
    }

    /** Gives the engine back; when it was the last lease and nothing keeps it, unloads it first. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            release.run();
        }
    }
}
