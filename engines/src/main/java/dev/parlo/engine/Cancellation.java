package dev.parlo.engine;

import java.util.ArrayList;
import java.util.List;

/**
 * A flag that the owner of a request raises and that every loop of an engine reads between two
 * steps; a step that takes long can ask to be told. It is raised once and for all: each request has
 * its own. Thread-safe.
 */
public final class Cancellation {
    private final List<Runnable> actions = new ArrayList<>();

    /**
     * Written under the lock, so that an action is run exactly once; read without it in every loop.
     */
    private volatile boolean cancelled;

    /** One that is not raised. */
    public Cancellation() {}

    /** Takes an action back: when {@link #close} returns it is not running and will not run. */
    public interface Registration extends AutoCloseable {
        @Override
        void close();
    }

    /** Asks the work to stop at its next step. */
    public void cancel() {
        synchronized (actions) {
            if (!cancelled) {
                cancelled = true;
                actions.forEach(Runnable::run);
                actions.clear();
            }
        }
    }

    /** {@return whether {@link #cancel} was called} */
    public boolean isCancelled() {
        return cancelled;
    }

    /**
     * Has an action run by the thread that cancels, or at once when it is cancelled already. It
     * runs under the lock of this object: it must be short, and must not wait for a lock under
     * which another thread registers an action.
     *
     * @param action run at most once
     * @return takes the action back
     */
    public Registration onCancel(Runnable action) {
        synchronized (actions) {
            if (cancelled) {
                action.run();
            } else {
                actions.add(action);
            }
        }
        return () -> {
            synchronized (actions) {
                actions.removeIf(known -> known == action);
            }
        };
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
