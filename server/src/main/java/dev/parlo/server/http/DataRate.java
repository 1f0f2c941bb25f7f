package dev.parlo.server.http;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.io.AbstractEndPoint;
import org.eclipse.jetty.server.Request;

/**
 * How fast a body comes, in windows of time. Only the time in which the server waits for the client
 * counts, not what it takes itself to write a file; and each window is for itself, so that a fast
 * beginning does not pay for hours of drops. Looked at by a timer, because bytes that are no
 * content (the size of a chunk, an extension) never let a read return. Thread-safe.
 */
final class DataRate {
    private static final long AGAIN_MILLIS = 100;

    private final Request request;
    private final long slowest;
    private final long windowNanos;
    private long waited;
    private long waitingSince;
    private boolean isWaiting;
    private long bytes;
    private boolean ended;

    private DataRate(Request request, long slowest, Duration window) {
        this.request = request;
        this.slowest = slowest;
        this.windowNanos = window.toNanos();
    }

    /**
     * Has the reading of a request's body fail with a {@link TimeoutException} when it is too slow.
     *
     * @param slowest in bytes a second; 0: anything is fast enough
     */
    static DataRate watch(Request request, long slowest, Duration window) {
        DataRate rate = new DataRate(request, slowest, window);
        if (slowest > 0) {
            Request.addCompletionListener(request, failure -> rate.end());
            rate.lookAfter(TimeUnit.NANOSECONDS.toMillis(rate.windowNanos));
        }
        return rate;
    }

    /** A read begins. */
    synchronized void waiting() {
        isWaiting = true;
        waitingSince = System.nanoTime();
    }

    /** A read has ended, with so many bytes; below 0 at the end of the body. */
    synchronized void came(int count) {
        waited += System.nanoTime() - waitingSince;
        isWaiting = false;
        if (count < 0) {
            ended = true;
        } else {
            bytes += count;
        }
    }

    private synchronized void end() {
        ended = true;
    }

    private void look() {
        boolean tooSlow;
        synchronized (this) {
            if (ended) {
                return;
            }
            long inAll = waited + (isWaiting ? System.nanoTime() - waitingSince : 0);
            if (inAll < windowNanos) {
                lookAfter(Math.max(1, TimeUnit.NANOSECONDS.toMillis(windowNanos - inAll)));
                return;
            }
            tooSlow = bytes < slowest * (windowNanos / 1e9);
            if (!tooSlow) {
                waited = 0;
                waitingSince = System.nanoTime();
                bytes = 0;
            }
        }
        // Fails while a thread takes bytes at this very moment: look again soon.
        lookAfter(tooSlow && !fail() ? AGAIN_MILLIS : TimeUnit.NANOSECONDS.toMillis(windowNanos));
    }

    private boolean fail() {
        return request.getConnectionMetaData().getConnection().getEndPoint()
                        instanceof AbstractEndPoint endPoint
                && endPoint.getFillInterest()
                        .onFail(new TimeoutException("The body came too slowly."));
    }

    private void lookAfter(long millis) {
        request.getComponents().getScheduler().schedule(this::look, millis, TimeUnit.MILLISECONDS);
    }
}
