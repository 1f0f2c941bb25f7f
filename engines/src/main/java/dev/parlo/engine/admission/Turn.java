package dev.parlo.engine.admission;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The right to compute, until it is closed. Closing twice is harmless, and any thread may do it: a
 * turn is taken by the thread that asks and given back by the worker that has computed.
 */
public final class Turn implements AutoCloseable {
    private final Runnable end;
    private final AtomicBoolean closed = new AtomicBoolean();

    Turn(Runnable end) {
        this.end = end;
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            end.run();
        }
    }
}
