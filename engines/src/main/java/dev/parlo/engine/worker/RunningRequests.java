package dev.parlo.engine.worker;

import dev.parlo.engine.Cancellation;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;

/** The requests that an engine's workers compute or will compute. Thread-safe. */
final class RunningRequests {
    private final Set<Cancellation> running = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /** Takes a request in; the cancellation is raised when the engine ends. */
    Cancellation begin() {
        Cancellation own = new Cancellation();
        running.add(own);
        if (closed) {
            own.cancel(); // closing may have missed it
        }
        return own;
    }

    void end(Cancellation own) {
        running.remove(own);
    }

    boolean isClosed() {
        return closed;
    }

    /**
     * Cancels all, and returns when no worker computes any more: afterwards the engine's memory may
     * be freed.
     */
    void close(ExecutorService workers) {
        closed = true;
        workers.shutdown();
        boolean interrupted = false;
        while (true) {
            // Again each time: a request may have begun since.
            running.forEach(Cancellation::cancel);
            try {
                if (workers.awaitTermination(1, TimeUnit.SECONDS)) {
                    break;
                }
            } catch (InterruptedException e) {
                interrupted = true; // native memory must not be freed under a running worker
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
