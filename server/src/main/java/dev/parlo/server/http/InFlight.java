package dev.parlo.server.http;

import dev.parlo.server.trace.Traces;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * Everything that is under way for clients, requests and conversations alike, so that the server
 * can end in order: first nothing new is let in, then what runs may finish, then it is told to
 * stop, and what still blocks is interrupted. Thread-safe.
 */
public final class InFlight {
    /** One request or one conversation. Its methods must not block. */
    public interface Work {
        /** Nothing new follows: end as soon as what was asked for is done. */
        void finish();

        /** The time is over: end now and tell the client why. */
        void stop();

        /** It has not ended after {@link #stop}: wake whatever it waits for. */
        void interrupt();
    }

    private final RequestObserver observer;
    private final Traces traces;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Set<Work> running = new LinkedHashSet<>();
    private boolean closed;

    /** Without an observer. */
    public InFlight() {
        this(RequestObserver.NONE);
    }

    /**
     * @param observer hears how requests and conversations end
     */
    public InFlight(RequestObserver observer) {
        this(observer, Traces.NONE);
    }

    /**
     * @param observer hears how requests and conversations end
     * @param traces follows them
     */
    public InFlight(RequestObserver observer, Traces traces) {
        this.observer = observer;
        this.traces = traces;
    }

    public RequestObserver observer() {
        return observer;
    }

    public Traces traces() {
        return traces;
    }

    /** Begins a work; false when the server is stopping, and then it must not begin. */
    public boolean enter(Work work) {
        lock.lock();
        try {
            return !closed && running.add(work);
        } finally {
            lock.unlock();
        }
    }

    /** A work has ended. Harmless when repeated. */
    public void leave(Work work) {
        lock.lock();
        try {
            if (running.remove(work)) {
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Lets nothing in from now on, and has everything finish. */
    void finish() {
        lock.lock();
        try {
            closed = true;
        } finally {
            lock.unlock();
        }
        forEach(Work::finish);
    }

    /** Whether nothing is let in any more. */
    boolean isFinishing() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    void stop() {
        forEach(Work::stop);
    }

    void interrupt() {
        forEach(Work::interrupt);
    }

    /** Waits until nothing runs; false when that took too long or this thread was interrupted. */
    boolean await(Duration longest) {
        long deadline = System.nanoTime() + longest.toNanos();
        lock.lock();
        try {
            while (!running.isEmpty()) {
                long left = deadline - System.nanoTime();
                if (left <= 0 || !changed.await(left, TimeUnit.NANOSECONDS)) {
                    return running.isEmpty();
                }
            }
            return true;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    /** How many requests and conversations run. */
    public int count() {
        lock.lock();
        try {
            return running.size();
        } finally {
            lock.unlock();
        }
    }

    /** Without the lock: a work may leave while it is being told. */
    private void forEach(Consumer<Work> action) {
        List<Work> now;
        lock.lock();
        try {
            now = List.copyOf(running);
        } finally {
            lock.unlock();
        }
        now.forEach(action);
    }
}
