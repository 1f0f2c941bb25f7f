package dev.parlo.engine.admission;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The right to compute one piece of a request, a window of audio or a chunk of speech, until it is
 * closed. Closing twice is harmless, and any thread may do it.
 */
public final class Turn implements AutoCloseable {
    private final boolean urgent;
    private final Runnable end;
    private final AtomicBoolean closed = new AtomicBoolean();

    Turn(boolean urgent, Runnable end) {
        this.urgent = urgent;
        this.end = end;
    }

    /**
     * {@return whether the request had none before and is not known to need more: all that a short
     * request ever needs}
     */
    public boolean isUrgent() {
        return urgent;
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            end.run();
        }
    }
}
