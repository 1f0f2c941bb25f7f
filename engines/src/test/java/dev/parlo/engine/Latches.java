package dev.parlo.engine;

import java.util.concurrent.CountDownLatch;

/** Latches where no checked exception may be thrown. */
public final class Latches {
    private Latches() {}

    /** Waits for a latch on a thread that nobody is meant to interrupt. */
    public static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
