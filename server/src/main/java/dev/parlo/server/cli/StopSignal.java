package dev.parlo.server.cli;

import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * The wish of a signal that the server stops. During the start it interrupts the starting thread,
 * which may be loading models; afterwards it must not, because the same thread then ends the server
 * in order. Thread-safe.
 */
final class StopSignal {
    private final CountDownLatch asked = new CountDownLatch(1);
    private @Nullable Thread starting;

    /**
     * @param starting the thread that starts the server
     */
    StopSignal(Thread starting) {
        this.starting = starting;
    }

    /** By the handler of the signal. */
    synchronized void ask() {
        asked.countDown();
        if (starting != null) {
            starting.interrupt();
        }
    }

    /** By the starting thread: from now on it waits for the signal. */
    synchronized void started() {
        starting = null;
        var unused = Thread.interrupted(); // the signal may have come at the last moment
    }

    boolean isAsked() {
        return asked.getCount() == 0;
    }

    void await() throws InterruptedException {
        asked.await();
    }
}
