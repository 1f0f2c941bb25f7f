package dev.parlo.engine.admission;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineObserver;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The queue before one engine. A request first takes a place ({@link #enter}), which never waits:
 * overload is told before anything is read or loaded for it. With its place it waits for turns to
 * compute ({@link Ticket#await}), one for each piece of its work, so that requests alternate. Who
 * has had the fewest is next; among equals interactive requests come first, then the order of
 * asking counts. Thread-safe.
 *
 * <p>It may be older than the engine and outlive it: requests that wait for the engine to be loaded
 * hold places, too.
 */
public final class Admission {
    /** How often the one that waits longest lets others pass that came later. */
    static final int PATIENCE = 4;

    private final int places;
    private final EngineObserver observer;

    private final ReentrantLock lock = new ReentrantLock();

    /** In the order of asking. */
    private final Set<Waiter> waiting = new LinkedHashSet<>();

    private int parallel;
    private int entered;
    private int taken;

    /** How often the one that waits longest has been passed since it did. */
    private int passed;

    /** One thread that waits for a turn. Guarded by the lock. */
    private static final class Waiter {
        final Priority priority;
        final Share share;
        final Condition called;
        boolean hasTurn;
        boolean isFirst;

        Waiter(Priority priority, Share share, Condition called) {
            this.priority = priority;
            this.share = share;
            this.called = called;
        }

        boolean isBefore(Waiter other) {
            int levels = Integer.compare(share.level(), other.share.level());
            return (levels != 0 ? levels : priority.compareTo(other.priority)) < 0;
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
    }

    /** An admission that nobody observes. */
    public Admission(int parallel, int places) {
        this(parallel, places, EngineObserver.NONE);
    }

    /** Turns at the same time. */
    public int parallel() {
        lock.lock();
        try {
            return parallel;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Lets the engine have fewer turns at the same time, because it has no memory for more. Those
     * that are taken stay so.
     *
     * @param most at least 1
     */
    public void limit(int most) {
        lock.lock();
        try {
            parallel = Math.clamp(most, 1, parallel);
        } finally {
            lock.unlock();
        }
    }

    /** Requests that it takes at a time. */
    public int places() {
        return places;
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

    Turn await(Priority priority, Share share, Cancellation stop) {
        Waiter waiter = new Waiter(priority, share, lock.newCondition());
        long start = System.nanoTime();
        int ahead = 0;
        // Registered before the lock is taken and given back after it: whoever cancels holds the
        // cancellation's lock while it asks for ours.
        try (Cancellation.Registration wake = stop.onCancel(() -> wake(waiter))) {
            lock.lock();
            try {
                stop.check();
                waiting.add(waiter);
                callNext();
                ahead = waiter.hasTurn ? 0 : waiting.size();
            } finally {
                lock.unlock();
            }
            if (ahead > 0) {
                observer.queued(priority, ahead);
                awaitCall(waiter, stop);
            }
        }
        observer.started(priority, Duration.ofNanos(System.nanoTime() - start));
        return new Turn(waiter.isFirst, () -> giveBack(share));
    }

    private void awaitCall(Waiter waiter, Cancellation stop) {
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
                leaveQueue(waiter);
            }
            lock.unlock();
        }
    }

    /** Under the lock. A turn that came at the very moment of giving up goes to the next. */
    private void leaveQueue(Waiter waiter) {
        if (waiter.hasTurn) {
            taken--;
            waiter.share.giveBack();
        } else {
            if (!waiting.isEmpty() && waiting.iterator().next() == waiter) {
                passed = 0;
            }
            waiting.remove(waiter);
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

    private void giveBack(Share share) {
        lock.lock();
        try {
            taken--;
            share.giveBack();
            callNext();
        } finally {
            lock.unlock();
        }
    }

    /** Under the lock: hands free turns to the first in line, who need not race for them. */
    private void callNext() {
        for (Waiter next = next(); next != null; next = next()) {
            waiting.remove(next);
            taken++;
            next.isFirst = next.share.level() == 0;
            next.share.take();
            next.hasTurn = true;
            next.called.signal();
        }
    }

    private @Nullable Waiter next() {
        if (taken >= parallel) {
            return null;
        }
        Waiter longest = null;
        Waiter first = null;
        for (Waiter waiter : waiting) {
            if (waiter.share.held() > 0 && parallel - taken <= keptFree()) {
                continue;
            }
            longest = longest == null ? waiter : longest;
            first = first == null || waiter.isBefore(first) ? waiter : first;
        }
        // The one that waits longest is due when it was passed often enough: without that a steady
        // stream of short requests would keep a long one waiting for ever.
        if (passed >= PATIENCE) {
            first = longest;
        }
        passed = first == longest ? 0 : passed + 1;
        return first;
    }

    /** Turns that a request which has some already leaves to those that have none. */
    private int keptFree() {
        return (parallel + 3) / 4;
    }
}
