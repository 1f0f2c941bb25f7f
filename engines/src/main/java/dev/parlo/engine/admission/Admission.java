package dev.parlo.engine.admission;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineObserver;
import dev.parlo.engine.log.CallersLog;
import dev.parlo.engine.steps.NativeSteps;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

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
    private final int places;
    private final Duration longestWait;
    private final EngineObserver observer;
    private final Urgency urgency;
    private final NativeSteps steps;
    private final LongSupplier nanoTime;

    private final ReentrantLock lock = new ReentrantLock();

    private final EnteredRequests entered = new EnteredRequests();
    private final Turns turns;

    /**
     * The queue of an engine that shares the machine with others.
     *
     * @param parallel turns at the same time, at least 1
     * @param places requests that compute or wait, at least {@code parallel}
     * @param longestWait a request that would wait longer for its first turn is refused; zero for
     *     no limit
     * @param observer is told of requests that queue, start and are refused
     * @param urgency that all engines feel which share the processor's cores
     * @throws IllegalArgumentException when a number is outside of its range
     */
    public Admission(
            int parallel,
            int places,
            Duration longestWait,
            EngineObserver observer,
            Urgency urgency) {
        this(parallel, places, longestWait, observer, urgency, new NativeSteps(), System::nanoTime);
    }

    Admission(
            int parallel,
            int places,
            Duration longestWait,
            EngineObserver observer,
            Urgency urgency,
            NativeSteps steps,
            LongSupplier nanoTime) {
        if (parallel < 1 || places < parallel) {
            throw new IllegalArgumentException(
                    "parallel is "
                            + parallel
                            + " and places "
                            + places
                            + "; at least 1, and no fewer places than that, are needed");
        }
        this.places = places;
        this.longestWait = longestWait;
        this.observer = observer;
        this.urgency = urgency;
        this.steps = steps;
        this.nanoTime = nanoTime;
        turns = new Turns(parallel, entered, nanoTime);
    }

    /**
     * Of an engine by itself, however long requests wait.
     *
     * @param parallel turns at the same time, at least 1
     * @param places requests that compute or wait, at least {@code parallel}
     * @param observer is told of requests that queue, start and are refused
     */
    public Admission(int parallel, int places, EngineObserver observer) {
        this(parallel, places, Duration.ZERO, observer, new Urgency());
    }

    /**
     * Of an engine by itself that nobody observes.
     *
     * @param parallel turns at the same time, at least 1
     * @param places requests that compute or wait, at least {@code parallel}
     */
    public Admission(int parallel, int places) {
        this(parallel, places, EngineObserver.NONE);
    }

    /**
     * A queue of the same size before another engine of the same model: where a step of either does
     * not end, both are given up.
     *
     * @return the queue
     */
    public Admission another() {
        return new Admission(
                parallel(), places, Duration.ZERO, observer, new Urgency(), steps, nanoTime);
    }

    /** {@return what its engine does in native code} */
    public NativeSteps steps() {
        return steps;
    }

    /**
     * {@return what its engine's urgent windows, and those of other engines beside it, have others
     * feel}
     */
    public Urgency urgency() {
        return urgency;
    }

    /** {@return turns at the same time} */
    public int parallel() {
        lock.lock();
        try {
            return turns.parallel();
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
            turns.limit(most);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Lets a clip have a turn beyond {@link #parallel} while those are all taken by windows that
     * are not urgent: for an engine whose windows rest in their middle while an urgent one is
     * computed, so that no more is computed at a time than before. One clip at a time.
     *
     * @param allowed whether there is memory for one window more
     */
    public void clipsBesideFiles(boolean allowed) {
        lock.lock();
        try {
            turns.clipsBesideFiles(allowed);
        } finally {
            lock.unlock();
        }
    }

    /** {@return requests that it takes at a time} */
    public int places() {
        return places;
    }

    /** {@return the observer that is told what the engine behind this does} */
    public EngineObserver observer() {
        return observer;
    }

    /** {@return requests that have a place now} */
    public int entered() {
        lock.lock();
        try {
            return entered.count();
        } finally {
            lock.unlock();
        }
    }

    /**
     * {@return the ids in the log of the requests that have a turn now, as far as they have ids}
     */
    public List<String> computing() {
        lock.lock();
        try {
            return entered.computing();
        } finally {
            lock.unlock();
        }
    }

    /**
     * {@return requests that wait for a turn now; one that wants several turns at once is as many}
     */
    public int waiting() {
        lock.lock();
        try {
            return turns.waiting();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes a place; does not wait.
     *
     * @param priority by who waits for the result
     * @param cancellation raised when the result is not needed any more
     * @return the place; the caller closes it
     * @throws OverloadedException when all are taken, or the first turn would come too late
     * @throws EngineException of category STUCK while a step of the engine takes too long
     */
    public Ticket enter(Priority priority, Cancellation cancellation) {
        steps.check();
        String refusal;
        Duration wait;
        lock.lock();
        try {
            boolean isFull = entered.count() >= places;
            wait = isFull ? turns.untilCalm() : turns.untilFirst();
            boolean isLong =
                    longestWait.isPositive()
                            && entered.isPaceKnown()
                            && wait.compareTo(longestWait) > 0;
            if (!isFull && !isLong) {
                Share share = new Share(CallersLog.requestId());
                entered.add(share);
                return new Ticket(this, priority, share, cancellation);
            }
            refusal =
                    isFull
                            ? places + " requests are running or waiting"
                            : "a request would wait for "
                                    + wait.toSeconds()
                                    + " s, and the longest is "
                                    + longestWait.toSeconds()
                                    + " s";
        } finally {
            lock.unlock();
        }
        observer.refused(priority, places);
        throw new OverloadedException(
                "The queue of this model is full: " + refusal + ". Try again later.", wait);
    }

    void expect(Share share, int turns) {
        lock.lock();
        try {
            share.expect(turns);
        } finally {
            lock.unlock();
        }
    }

    void expectFew(Share share, int turns) {
        lock.lock();
        try {
            share.expectFew(turns);
        } finally {
            lock.unlock();
        }
    }

    void expectMore(Share share) {
        lock.lock();
        try {
            share.expectMore();
        } finally {
            lock.unlock();
        }
    }

    void leave(Share share) {
        lock.lock();
        try {
            entered.remove(share);
        } finally {
            lock.unlock();
        }
    }

    Turn await(Priority priority, Share share, Cancellation stop, EngineObserver own) {
        WaitingLine.Waiter waiter = new WaitingLine.Waiter(priority, share, lock.newCondition());
        long start = System.nanoTime();
        int ahead = 0;
        // Registered before the lock is taken and given back after it: a thread that cancels holds
        // the cancellation's lock while it asks for ours.
        try (Cancellation.Registration wake = stop.onCancel(() -> wake(waiter));
                Cancellation.Registration leave = steps.onGivenUp(() -> wake(waiter))) {
            lock.lock();
            try {
                stop.check();
                steps.checkNotGivenUp();
                turns.ask(waiter);
                ahead = waiter.hasTurn ? 0 : turns.waiting();
            } finally {
                lock.unlock();
            }
            if (ahead > 0) {
                observer.queued(priority, ahead);
                awaitCall(waiter, stop);
            }
        }
        Duration waited = Duration.ofNanos(System.nanoTime() - start);
        observer.started(priority, waited);
        own.started(priority, waited);
        return new Turn(waiter.isUrgent, steps, () -> giveBack(waiter));
    }

    private void awaitCall(WaitingLine.Waiter waiter, Cancellation stop) {
        boolean served = false;
        lock.lock();
        try {
            while (!waiter.hasTurn) {
                stop.check();
                steps.checkNotGivenUp();
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
                turns.leave(waiter);
            }
            lock.unlock();
        }
    }

    private void wake(WaitingLine.Waiter waiter) {
        lock.lock();
        try {
            waiter.called.signal();
        } finally {
            lock.unlock();
        }
    }

    private void giveBack(WaitingLine.Waiter waiter) {
        lock.lock();
        try {
            turns.giveBack(waiter);
        } finally {
            lock.unlock();
        }
    }
}
