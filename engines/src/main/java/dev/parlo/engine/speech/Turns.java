package dev.parlo.engine.speech;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Lets requests compute chunk by chunk in turn: who wants a chunk queues up behind everybody who
 * waits already, so that a book never holds up a short answer by more than a chunk. Thread-safe.
 */
public final class Turns {
    private static final long CANCEL_POLL_MILLISECONDS = 50;

    private final Semaphore slots;
    private final int maxRequests;
    private final AtomicInteger requests = new AtomicInteger();

    /**
     * @param parallel how many chunks are computed at the same time
     * @param maxRequests how many requests may be under way or waiting
     */
    public Turns(int parallel, int maxRequests) {
        this.slots = new Semaphore(parallel, true);
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
            try {
                cancellation.check();
                while (!slots.tryAcquire(CANCEL_POLL_MILLISECONDS, TimeUnit.MILLISECONDS)) {
                    cancellation.check();
                }
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new EngineException(
                        EngineException.Category.CANCELLED,
                        "The request was interrupted.",
                        interrupted);
            }
            try {
                cancellation.check();
                return chunk.get();
            } finally {
                slots.release();
            }
        }

        @Override
        public void close() {
            if (closed.compareAndSet(false, true)) {
                requests.decrementAndGet();
            }
        }
    }
}
