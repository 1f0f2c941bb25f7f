package dev.parlo.server.socket;

import dev.parlo.engine.Cancellation;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.jspecify.annotations.Nullable;

/**
 * Messages on their way to a client, sent in order and one at a time. Bounded: who says more has to
 * wait for the client. Thread-safe.
 */
final class Outbox {
    private static final int MOST_MESSAGES = 16;
    private static final int MOST_BYTES = 256 << 10;

    /**
     * A message of either kind; exactly one of the two is not null.
     *
     * @param speech null, or what ends the speech that the message is a part of
     */
    record Message(@Nullable String text, byte @Nullable [] bytes, @Nullable Cancellation speech) {
        int size() {
            return text != null ? text.length() : bytes != null ? bytes.length : 0;
        }
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<Message> waiting = new ArrayDeque<>();
    private final Session session;
    private final Runnable onFailure;
    private @Nullable Runnable last;
    private int bytes;
    private boolean sending;
    private boolean failed;

    /**
     * @param onFailure told once, when the client cannot be reached any more
     */
    Outbox(Session session, Runnable onFailure) {
        this.session = session;
        this.onFailure = onFailure;
    }

    /**
     * Waits for room; one message is always let in. Drops the message where the client is gone or
     * the last one was announced.
     *
     * @return false when there was no room in time
     * @throws dev.parlo.engine.EngineException CANCELLED for a part of a speech that was ended
     */
    boolean put(Message message, Duration patience) throws InterruptedException {
        lock.lock();
        try {
            long left = patience.toNanos();
            while (!failed
                    && !waiting.isEmpty()
                    && (waiting.size() >= MOST_MESSAGES || bytes + message.size() > MOST_BYTES)) {
                if (left <= 0) {
                    return false;
                }
                left = changed.awaitNanos(left);
            }
            if (message.speech() != null) {
                message.speech().check();
            }
            if (!failed && last == null) {
                waiting.add(message);
                bytes += message.size();
            }
        } finally {
            lock.unlock();
        }
        sendNext();
        return true;
    }

    /** Takes back the parts of speeches that were ended. */
    void dropEnded() {
        lock.lock();
        try {
            waiting.removeIf(message -> {
                boolean ended = message.speech() != null && message.speech().isCancelled();
                bytes -= ended ? message.size() : 0;
                return ended;
            });
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Has this run when all is sent; no message is taken any more. */
    void end(Runnable closing) {
        lock.lock();
        try {
            if (last == null) {
                last = closing;
            }
        } finally {
            lock.unlock();
        }
        sendNext();
    }

    /** Waits until all is sent, or cannot be; false when that took too long. */
    boolean awaitSent(Duration patience) throws InterruptedException {
        lock.lock();
        try {
            long left = patience.toNanos();
            while (!failed && (sending || !waiting.isEmpty())) {
                if (left <= 0) {
                    return false;
                }
                left = changed.awaitNanos(left);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** The client is gone: nothing is sent any more, and senders do not wait. */
    void fail() {
        lock.lock();
        try {
            failed = true;
            waiting.clear();
            bytes = 0;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void sendNext() {
        Message next;
        Runnable closing = null;
        lock.lock();
        try {
            next = sending || failed ? null : waiting.poll();
            if (next != null) {
                sending = true;
                bytes -= next.size();
                changed.signalAll();
            } else if (!sending && last != null) {
                closing = last;
                last = Outbox::nothing;
            }
        } finally {
            lock.unlock();
        }
        // Outside of the lock: a callback may come at once, on this thread.
        if (next != null) {
            Callback callback = Callback.from(this::sent, this::lost);
            String text = next.text();
            if (text != null) {
                session.sendText(text, callback);
            } else if (next.bytes() != null) {
                session.sendBinary(ByteBuffer.wrap(next.bytes()), callback);
            }
        } else if (closing != null) {
            closing.run();
        }
    }

    private static void nothing() {}

    private void sent() {
        lock.lock();
        try {
            sending = false;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        sendNext();
    }

    private void lost(Throwable why) {
        lock.lock();
        try {
            sending = false;
        } finally {
            lock.unlock();
        }
        fail();
        onFailure.run();
        sendNext(); // for the end, if that was announced
    }
}
