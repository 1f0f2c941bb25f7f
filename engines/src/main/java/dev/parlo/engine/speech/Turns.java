package dev.parlo.engine.speech;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Lets requests compute chunk by chunk in turn: who wants a chunk queues up behind everybody who
 * waits already, so that a book never holds up a short answer by more than a chunk. Thread-safe.
 */
public final class Turns {
    private final Deque<Object> waiting = new ArrayDeque<>();
    private final int maxRequests;
    private int free;
    private final AtomicInteger requests = new AtomicInteger();

    /**
     * @param parallel how many chunks are computed at the same time
     * @param maxRequests how many requests may be under way or waiting
     */
    public Turns(int parallel, int maxRequests) {
        this.free = parallel;
        this.maxRequests = maxRequests;
    }

    /**
     * Lets a request in.
     *
     * @throws EngineException of category OVERLOADED when too many are in
     */
    public Admission admit() {
        int now = requests.incrementAndGet();
        if (now > maxRequests) {
            requests.decrementAndGet();
            throw new EngineException(
                    EngineException.Category.OVERLOADED,
                    "All "
                            + maxRequests
                            + " places for speech requests are taken; try again later.");
        }
        return new Admission();
    }

    /** Requests that are let in and not done yet. */
    public int requests() {
        return requests.get();
    }

    /** A request that was let in. Closing twice is harmless. */
    public final class Admission implements AutoCloseable {
        private final AtomicBoolean closed = new AtomicBoolean();

        private Admission() {}

        /** Waits for a turn and computes one chunk in it. */
        public <T> T take(Cancellation cancellation, Supplier<T> chunk) {
            // taken back outside of the lock, which the action needs
            try (Cancellation.Registration wake = cancellation.onCancel(Turns.this::wake)) {
                enter(cancellation);
            }
            try {
                cancellation.check();
                return chunk.get();
            } finally {
                leave();
            }
        }

        @Override
        public void close() {
            if (closed.compareAndSet(false, true)) {
                requests.decrementAndGet();
            }
        }
    }

    private synchronized void wake() {
        notifyAll();
    }

    /** Whoever came first goes first. */
    private synchronized void enter(Cancellation cancellation) {
        Object place = new Object();
        waiting.add(place);
        try {
            while (free == 0 || waiting.peek() != place) {
                cancellation.check();
                wait();
            }
            free--;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new EngineException(
                    EngineException.Category.CANCELLED,
                    "The request was interrupted.",
                    interrupted);
        } finally {
            waiting.remove(place);
            notifyAll();
        }
    }

    private synchronized void leave() {
        free++;
        notifyAll();
    }
}
