package dev.parlo.server.socket;

import dev.parlo.server.http.MemoryBudget;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Messages that wait to be worked on, bounded by number and by size: who brings more has to wait.
 * Thread-safe.
 */
final class Inbox {
    private static final int MOST_MESSAGES = 256;

    /** A message of either kind; exactly one is not null. */
    record Message(@Nullable String text, byte @Nullable [] bytes) {
        int size() {
            return text != null ? text.length() : bytes != null ? bytes.length : 0;
        }
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<Message> waiting = new ArrayDeque<>();
    private final long mostBytes;
    private final MemoryBudget.Share memory;
    private long bytes;
    private boolean finishing;
    private boolean closed;

    /**
     * @param memory for what waits here; given back when this is closed
     */
    Inbox(long mostBytes, MemoryBudget.Share memory) {
        this.mostBytes = mostBytes;
        this.memory = memory;
    }

    /**
     * Waits for room; one message is always let in. Does nothing once this is closed.
     *
     * @throws dev.parlo.server.http.ApiError where all sockets and requests hold too much memory
     */
    void put(Message message) throws InterruptedException {
        lock.lock();
        try {
            while (!closed
                    && !waiting.isEmpty()
                    && (waiting.size() >= MOST_MESSAGES || bytes + message.size() > mostBytes)) {
                changed.await();
            }
            if (!closed) {
                memory.take(message.size());
                waiting.add(message);
                bytes += message.size();
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** The next message; null when none came in time, none is to follow, or this was closed. */
    @Nullable Message take(Duration patience) throws InterruptedException {
        lock.lock();
        try {
            long left = patience.toNanos();
            while (!closed && !finishing && waiting.isEmpty()) {
                if (left <= 0) {
                    return null;
                }
                left = changed.awaitNanos(left);
            }
            Message message = closed ? null : waiting.poll();
            if (message != null) {
                bytes -= message.size();
                memory.giveBack(message.size());
                changed.signalAll();
            }
            return message;
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
            waiting.clear();
            memory.close();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
