package dev.parlo.server.socket;

import dev.parlo.engine.Cancellation;
import dev.parlo.server.http.MemoryBudget;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What a conversation has to do, one task after another. Bounded by number and by the size of the
 * messages they are for: a client that brings more has to wait. Thread-safe.
 */
public final class Tasks {
    private static final int MOST_TASKS = 256;

    /** One step of a conversation; may block. */
    @FunctionalInterface
    public interface Task {
        /**
         * @param cancellation of everything that was asked for since the last {@link Tasks#cancel};
         *     also raised when the conversation ends
         */
        void run(Cancellation cancellation);
    }

    private record Waiting(long size, Task task) {}

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    private final long mostBytes;
    private final MemoryBudget.Share memory;
    private final Cancellation conversation;
    private final Runnable dropUnsent;
    private Cancellation current = new Cancellation();
    private Cancellation.Registration link;
    private long bytes;
    private boolean finishing;
    private boolean closed;

    /**
     * @param mostBytes of the messages that wait
     * @param memory for what waits here; given back when this is closed
     * @param conversation raised when the conversation ends
     * @param dropUnsent takes back what tasks have said and is not sent yet
     */
    Tasks(
            long mostBytes,
            MemoryBudget.Share memory,
            Cancellation conversation,
            Runnable dropUnsent) {
        this.mostBytes = mostBytes;
        this.memory = memory;
        this.conversation = conversation;
        this.dropUnsent = dropUnsent;
        this.link = conversation.onCancel(current::cancel);
    }

    /**
     * Adds a task. Returns at once unless too much waits already; then it waits for room, and with
     * it the client. Does nothing once the conversation is over.
     *
     * @param size of what the task keeps of its message, in bytes of memory
     * @throws dev.parlo.server.http.ApiError where all clients together hold too much memory
     */
    public void add(long size, Task task) {
        lock.lock();
        try {
            while (!closed
                    && !waiting.isEmpty()
                    && (waiting.size() >= MOST_TASKS || bytes + size > mostBytes)) {
                changed.await();
            }
            if (!closed) {
                memory.take(size);
                waiting.add(new Waiting(size, task));
                bytes += size;
                changed.signalAll();
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Ends the task that runs and drops those that wait, together with what they have said and is
     * not sent yet. Tasks that are added afterwards are not concerned.
     */
    public void cancel() {
        Cancellation ended;
        lock.lock();
        try {
            ended = current;
            link.close();
            current = new Cancellation();
            link = conversation.onCancel(current::cancel);
            drop();
        } finally {
            lock.unlock();
        }
        // In this order: what is said after the second step is refused because of the first.
        ended.cancel();
        dropUnsent.run();
    }

    /** The next task; null when none came in time, none is to follow, or this was closed. */
    @Nullable Runnable take(Duration patience) throws InterruptedException {
        lock.lock();
        try {
            long left = patience.toNanos();
            while (!closed && !finishing && waiting.isEmpty()) {
                if (left <= 0) {
                    return null;
                }
                left = changed.awaitNanos(left);
            }
            Waiting next = closed ? null : waiting.poll();
            if (next == null) {
                return null;
            }
            bytes -= next.size();
            memory.giveBack(next.size());
            changed.signalAll();
            Cancellation cancellation = current;
            return () -> next.task().run(cancellation);
        } finally {
            lock.unlock();
        }
    }

    /** What waits is still taken, but nothing is waited for any more. */
    void finish() {
        lock.lock();
        try {
            finishing = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    /** Drops everything and lets everyone go who waits. */
    void close() {
        lock.lock();
        try {
            closed = true;
            link.close();
            drop();
            memory.close();
        } finally {
            lock.unlock();
        }
    }

    private void drop() {
        waiting.clear();
        memory.giveBack(bytes);
        bytes = 0;
        changed.signalAll();
    }
}
