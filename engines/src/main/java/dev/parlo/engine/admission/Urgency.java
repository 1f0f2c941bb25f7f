package dev.parlo.engine.admission;

import dev.parlo.engine.Cancellation;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The windows that others give way to: those of requests that need only one, as far as is known,
 * from their turn on until it is given back. Their model shares the processor's cores with what
 * reads files, tells where somebody speaks in them, and who; so that work is left off while an
 * urgent window is computed, but not for ever. Thread-safe.
 */
public final class Urgency {
    /** Turns of urgent windows that others wait for before they get one. */
    public static final int PATIENCE = 8;

    /** Changed under the lock, so that none is lost; read without it before every block of work. */
    private volatile int windows;

    /** Nothing is urgent yet. */
    public Urgency() {}

    /**
     * {@return the same turn, from whose begin to whose end others give way if it is urgent} They
     * do not to a step that never ends: once its engine is given up, its turns are not urgent any
     * more.
     *
     * @param turn closed by closing what is returned
     */
    public Turn during(Turn turn) {
        if (!turn.isUrgent()) {
            return turn;
        }
        begin();
        AtomicBoolean over = new AtomicBoolean();
        Runnable calm =
                () -> {
                    if (over.compareAndSet(false, true)) {
                        end();
                    }
                };
        Cancellation.Registration givenUp = turn.steps().onGivenUp(calm);
        return new Turn(
                true,
                turn.steps(),
                () -> {
                    givenUp.close();
                    calm.run();
                    turn.close();
                });
    }

    /** A window is urgent from now on. */
    public synchronized void begin() {
        windows++;
    }

    /** One that was urgent is not there any more. */
    public synchronized void end() {
        windows--;
        if (windows == 0) {
            notifyAll();
        }
    }

    /** {@return whether any window is urgent now} */
    public boolean isFelt() {
        return windows > 0;
    }

    /**
     * Waits until no urgent window is there, for {@link #PATIENCE} times as long as the caller has
     * worked, at most, or until it is cancelled. A thread that is interrupted waits no longer and
     * stays interrupted.
     *
     * @param workedNanos nanoseconds that the caller has worked since it last gave way
     * @param cancellation ends the waiting
     */
    public void giveWay(long workedNanos, Cancellation cancellation) {
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
