package dev.parlo.engine.pool;

import java.time.Duration;
import java.time.Instant;

/** The pool's clock and alarm. Thread-safe. */
public interface PoolTimer {
    /** Wall-clock time, for display. */
    Instant now();

    /** Runs the task once after the delay, on a thread that it must not hold up for long. */
    Alarm after(Duration delay, Runnable task);

    /** A task that is due. */
    interface Alarm {
        /** Drops the task unless it has begun. */
        void cancel();
    }
}
