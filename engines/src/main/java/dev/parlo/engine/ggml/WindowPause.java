package dev.parlo.engine.ggml;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.admission.Urgency;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Has a window that is not urgent rest between a run of the encoder and the next step of the
 * decoder, or between two steps, while urgent ones are computed beside it, by the same model or by
 * another. Used by one thread.
 */
final class WindowPause {
    /** Work of less than this is not rested from: to fall asleep and wake up takes time, too. */
    private static final long LEAST_WORKED = TimeUnit.MILLISECONDS.toNanos(50);

    /** More than this counts as this much, as for all who give way. */
    private static final long MOST_WORKED = TimeUnit.SECONDS.toNanos(1);

    private final Urgency urgency;
    private final Cancellation cancellation;
    private final LongSupplier nanoTime;
    private long since;

    /**
     * @param cancellation ends the rest
     * @param nanoTime as {@link System#nanoTime}
     */
    WindowPause(Urgency urgency, Cancellation cancellation, LongSupplier nanoTime) {
        this.urgency = urgency;
        this.cancellation = cancellation;
        this.nanoTime = nanoTime;
        since = nanoTime.getAsLong();
    }

    /** Between two runs. */
    void giveWay() {
        if (!urgency.isFelt()) {
            return;
        }
        long worked = nanoTime.getAsLong() - since;
        if (worked >= LEAST_WORKED) {
            urgency.giveWay(Math.min(MOST_WORKED, worked), cancellation);
            since = nanoTime.getAsLong();
        }
    }
}
