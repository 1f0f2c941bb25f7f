package dev.parlo.engine.admission;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The right to compute one piece of a request, a window of audio or a chunk of speech, until it is
 * closed. Closing twice is harmless, and any thread may do it.
 */
public final class Turn implements AutoCloseable {
    private final boolean first;
    private final Runnable end;
    private final AtomicBoolean closed = new AtomicBoolean();

    Turn(boolean first, Runnable end) {
        this.first = first;
        this.end = end;
    }

    /** Whether the request had none before: all that a short request ever needs. */
    public boolean isFirst() {
        return first;
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            end.run();
        }
    }
}
