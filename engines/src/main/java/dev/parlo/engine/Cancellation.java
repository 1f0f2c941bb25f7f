package dev.parlo.engine;

/**
 * A flag that the owner of a request raises and that every loop of an engine reads between two
 * steps. Thread-safe.
 */
public final class Cancellation {
    private volatile boolean cancelled;

    /** Asks the work to stop at its next step. */
    public void cancel() {
        cancelled = true;
    }

    public boolean isCancelled() {
        return cancelled;
    }

    /**
     * Throws {@link EngineException} of category {@code CANCELLED} once {@link #cancel()} was
     * called.
     */
    public void check() {
        if (cancelled) {
            throw new EngineException(
                    EngineException.Category.CANCELLED, "The request was cancelled.");
        }
    }
}
