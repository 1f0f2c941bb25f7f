package dev.parlo.engine.admission;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineObserver;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The queue before one engine. A request first takes a place ({@link #enter}), which never waits:
 * overload is told before anything is read or loaded for it. With its place it waits for turns to
 * compute ({@link Ticket#await}), in the order of asking within a {@link Priority}. Thread-safe.
 *
 * <p>It may be older than the engine and outlive it: requests that wait for the engine to be loaded
 * hold places, too.
 */
public final class Admission {
    /** How often a waiting batch request lets an interactive one pass that came later. */
    static final int PATIENCE = 4;

    private final int parallel;
    private final int places;
    private final EngineObserver observer;

    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Waiter> interactive = new ArrayDeque<>();
    private final Deque<Waiter> batch = new ArrayDeque<>();
    private int entered;
    private int free;

    /** How often the first batch request has been passed since it was the first. */
    private int passed;

    /** One thread that waits for a turn. Guarded by the lock. */
    private static final class Waiter {
        final Condition called;
        boolean hasTurn;

        Waiter(Condition called) {
            this.called = called;
        }
    }

    /**
     * @param parallel turns at the same time, at least 1
     * @param places requests that compute or wait, at least {@code parallel}
     * @param observer is told of requests that queue, start and are refused
     */
    public Admission(int parallel, int places, EngineObserver observer) {
        if (parallel < 1 || places < parallel) {
            throw new IllegalArgumentException(
                    "parallel is "
                            + parallel
                            + " and places "
                            + places
                            + "; at least 1, and no fewer places than that, are needed");
        }
        this.parallel = parallel;
        this.places = places;
        this.observer = observer;
        this.free = parallel;
    }

    /** An admission that nobody observes. */
    public Admission(int parallel, int places) {
        this(parallel, places, EngineObserver.NONE);
    }

    /** Turns at the same time: as many threads as an engine needs. */
    public int parallel() {
        return parallel;
    }

    /** Is told what the engine behind this does. */
    public EngineObserver observer() {
        return observer;
    }

    /** Requests that have a place now. */
    public int entered() {
        lock.lock();
        try {
            return entered;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes a place; does not wait.
     *
     * @throws EngineException of category OVERLOADED when all are taken
     */
    public Ticket enter(Priority priority, Cancellation cancellation) {
        lock.lock();
        try {
            if (entered < places) {
                entered++;
                return new Ticket(this, priority, cancellation);
            }
        } finally {
            lock.unlock();
        }
        observer.refused(priority, places);
        throw new EngineException(
                EngineException.Category.OVERLOADED,
                "The queue of this model is full: "
                        + places
                        + " requests are running or waiting. Try again later.");
    }

    void leave() {
        lock.lock();
        try {
            entered--;
        } finally {
            lock.unlock();
        }
    }

    Turn await(Priority priority, Cancellation stop) {
        Deque<Waiter> queue = priority == Priority.INTERACTIVE ? interactive : batch;
        Waiter waiter = new Waiter(lock.newCondition());
        long start = System.nanoTime();
        int waiting = 0;
        // Registered before the lock is taken and given back after it: whoever cancels holds the
        // cancellation's lock while it asks for ours.
        try (Cancellation.Registration wake = stop.onCancel(() -> wake(waiter))) {
            lock.lock();
            try {
                stop.check();
                queue.add(waiter);
                callNext();
                waiting = waiter.hasTurn ? 0 : interactive.size() + batch.size();
            } finally {
                lock.unlock();
            }
            if (waiting > 0) {
                observer.queued(priority, waiting);
                awaitCall(queue, waiter, stop);
            }
        }
        observer.started(priority, Duration.ofNanos(System.nanoTime() - start));
        return new Turn(this::giveBack);
    }

    private void awaitCall(Deque<Waiter> queue, Waiter waiter, Cancellation stop) {
        boolean served = false;
        lock.lock();
        try {
            while (!waiter.hasTurn) {
                stop.check();
                waiter.called.await();
            }
            served = true;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new EngineException(
                    EngineException.Category.CANCELLED,
                    "The request was interrupted.",
                    interrupted);
        } finally {
            if (!served) {
                leaveQueue(queue, waiter);
            }
            lock.unlock();
        }
    }

    /** Under the lock. A turn that came at the very moment of giving up goes to the next. */
    private void leaveQueue(Deque<Waiter> queue, Waiter waiter) {
        if (waiter.hasTurn) {
            free++;
        } else {
            if (batch.peek() == waiter) {
                passed = 0;
            }
            queue.remove(waiter);
        }
        callNext();
    }

    private void wake(Waiter waiter) {
        lock.lock();
        try {
            waiter.called.signal();
        } finally {
            lock.unlock();
        }
    }

    private void giveBack() {
        lock.lock();
        try {
            free++;
            callNext();
        } finally {
            lock.unlock();
        }
    }

    /** Under the lock: hands free turns to the first in line, who need not race for them. */
    private void callNext() {
        for (Waiter next = free > 0 ? next() : null;
                next != null;
                next = free > 0 ? next() : null) {
            free--;
            next.hasTurn = true;
            next.called.signal();
        }
    }

    private @Nullable Waiter next() {
        // Interactive work first, but a batch request that was passed often enough is due:
        // without that a steady stream of short requests would keep it waiting for ever.
        boolean batchIsDue = interactive.isEmpty() || passed >= PATIENCE;
        if (batchIsDue && !batch.isEmpty()) {
            passed = 0;
            return batch.poll();
        }
        passed += batch.isEmpty() ? 0 : 1;
        return interactive.poll();
    }
}
