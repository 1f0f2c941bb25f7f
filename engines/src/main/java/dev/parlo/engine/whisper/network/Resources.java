package dev.parlo.engine.whisper.network;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What must be closed together, the last first: of something that is made part by part, and whose
 * parts must not be left open where a later one cannot be made. Closing twice is harmless.
 */
public class Resources implements AutoCloseable {
    private final Deque<Runnable> closing = new ArrayDeque<>();

    /** Nothing is open yet. */
    public Resources() {}

    /**
     * Adds what was just opened.
     *
     * @param <T> its type
     * @param resource that is open
     * @param close closes it
     * @return the same
     */
    public <T> T add(T resource, Runnable close) {
        closing.push(close);
        return resource;
    }

    /** Closes all, also where closing one fails; the first failure is thrown then. */
    @Override
    public void close() {
        Throwable first = null;
        while (!closing.isEmpty()) {
            try {
                closing.pop().run();
            } catch (RuntimeException | Error failure) {
                if (first == null) {
                    first = failure;
                } else {
                    first.addSuppressed(failure);
                }
            }
        }
        switch (first) {
            case RuntimeException failure -> throw failure;
            case Error failure -> throw failure;
            case null, default -> {}
        }
    }
}
