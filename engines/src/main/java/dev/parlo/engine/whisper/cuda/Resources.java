package dev.parlo.engine.whisper.cuda;

import java.util.ArrayDeque;
import java.util.Deque;

/** What must be closed together, the last first. Closing twice is harmless. */
final class Resources implements AutoCloseable {
    private final Deque<Runnable> closing = new ArrayDeque<>();

    <T> T add(T resource, Runnable close) {
        closing.push(close);
        return resource;
    }

    @Override
    public void close() {
        while (!closing.isEmpty()) {
            closing.pop().run();
        }
    }
}
