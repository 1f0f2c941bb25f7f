package dev.parlo.engine.admission;

import dev.parlo.engine.steps.NativeSteps;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The right to compute one piece of a request, a window of audio or a chunk of speech, until it is
 * closed. Closing twice is harmless, and any thread may do it.
 */
public final class Turn implements AutoCloseable {
    private final boolean urgent;
    private final NativeSteps steps;
    private final Runnable end;
    private final AtomicBoolean closed = new AtomicBoolean();

    /**
     * @param steps of the engine that computes
     */
    Turn(boolean urgent, NativeSteps steps, Runnable end) {
        this.urgent = urgent;
        this.steps = steps;
        this.end = end;
    }

    /**
     * {@return whether the request had none before and is not known to need more, or is one of the
     * few that a short request needs ({@link Ticket#expectFew})}
     */
    public boolean isUrgent() {
        return urgent;
    }

    NativeSteps steps() {
        return steps;
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            end.run();
        }
    }
}
