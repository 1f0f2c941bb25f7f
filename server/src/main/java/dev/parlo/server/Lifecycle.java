package dev.parlo.server;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was started, in order. Closing ends it in reverse, each part whatever became of the others:
 * a part that fails to close must not leave engines, sockets or files behind. Used by one thread at
 * a time.
 */
final class Lifecycle implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Lifecycle.class);

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();

    /** Takes a part that has just been started, and gives it back. */
    <T extends AutoCloseable> T started(T part) {
        parts.push(part);
        return part;
    }

    /** Harmless when repeated: each part is closed once. */
    @Override
    public void close() {
        for (AutoCloseable part = parts.poll(); part != null; part = parts.poll()) {
            close(part);
        }
    }

    /** Closes one part, before its turn where need be; a failure is logged. */
    void close(AutoCloseable part) {
        parts.remove(part);
        try {
            part.close();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (Exception | Error failure) {
            LOG.error("{} could not be closed in order", part.getClass().getSimpleName(), failure);
        }
    }
}
