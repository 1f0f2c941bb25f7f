package dev.parlo.engine.whisper.window;

import dev.parlo.engine.Cancellation;
import java.util.concurrent.TimeUnit;

/**
 * The windows that others give way to: those of requests that need only one, as far as is known,
 * from the moment at which one asks for the encoder until it is closed. Encoder and decoder share
 * the processor's cores with what prepares the windows of files, so each of them leaves off other
 * windows' work while another one works on an urgent window, but not for ever. Thread-safe.
 */
final class Urgency {
    /** Turns of urgent windows that others wait for before they get one. */
    static final int PATIENCE = 8;

    private volatile int windows;

    synchronized void begin() {
        windows++;
    }

    synchronized void end() {
        windows--;
        if (windows == 0) {
            notifyAll();
        }
    }

    boolean isFelt() {
        return windows > 0;
    }

    /**
     * Waits until no urgent window is there, for {@link #PATIENCE} times as long as the caller has
     * worked, at most, or until it is cancelled. A thread that is interrupted waits no longer and
     * stays interrupted.
     */
    void giveWay(long workedNanos, Cancellation cancellation) {
        if (!isFelt()) {
            return;
        }
        long end = System.nanoTime() + PATIENCE * workedNanos;
        // Registered outside of the lock: whoever cancels asks for ours while it holds its own.
        try (Cancellation.Registration stop = cancellation.onCancel(this::wake)) {
            await(end, cancellation);
        }
    }

    private synchronized void await(long end, Cancellation cancellation) {
        for (long left = end - System.nanoTime();
                isFelt() && left > 0 && !cancellation.isCancelled();
                left = end - System.nanoTime()) {
            try {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private synchronized void wake() {
        notifyAll();
    }
}
