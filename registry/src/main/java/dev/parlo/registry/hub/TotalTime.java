package dev.parlo.registry.hub;

import java.time.Duration;

/**
 * Ends the calls of one question after a time in all, however many calls and tries it takes: a Hub
 * that answers slowly, or never, costs a caller no more than that. Closed by the thread that asks.
 */
final class TotalTime implements AutoCloseable {
    private final CancelSignal signal = new CancelSignal();
    private final Thread timer;

    TotalTime(Duration limit) {
        timer = Thread.ofVirtual().start(() -> endAfter(limit));
    }

    /** Given when the time is over. */
    CancelSignal signal() {
        return signal;
    }

    private void endAfter(Duration limit) {
        try {
            Thread.sleep(limit);
            signal.cancel();
        } catch (InterruptedException inTime) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        timer.interrupt();
    }
}
