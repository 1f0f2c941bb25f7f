package dev.parlo.engine.admission;

import java.time.Duration;

/**
 * How long requests will wait, from how fast turns ended lately. An engine that shares its steps
 * ends more turns a second the more there are at a time, so the pace is kept for each number of
 * turns side by side, by doubling. Guarded by the admission's lock.
 */
final class WaitEstimate {
    /** Turns after which older ones count half. */
    private static final int MEMORY = 32;

    /** Where nothing has been computed yet: about one short request's time. */
    private static final Duration UNKNOWN = Duration.ofSeconds(2);

    /** What a turn takes of its time alone, where several were never seen side by side. */
    private static final double GAIN = 0.75;

    private static final double NANOS = 1e9;

    /** Index i: from 2^(i-1) + 1 to 2^i turns side by side. */
    private final double[] seconds = new double[Integer.SIZE];

    private final double[] ended = new double[Integer.SIZE];
    private long since;
    private int taken;

    /** The number of turns that are taken has changed. */
    void taken(int now, long nanoTime) {
        if (taken > 0) {
            seconds[index(taken)] += (nanoTime - since) / NANOS;
        }
        since = nanoTime;
        taken = now;
    }

    /** A turn is about to be given back; {@link #taken} follows. */
    void ended(long nanoTime) {
        int index = index(taken);
        taken(taken, nanoTime);
        ended[index]++;
        if (ended[index] >= MEMORY) {
            ended[index] /= 2;
            seconds[index] /= 2;
        }
    }

    /** Whether any turn has ended. */
    boolean isKnown() {
        return secondsPerTurn(1) >= 0;
    }

    /**
     * Until so many turns have ended while {@code together} are taken.
     *
     * @param turns 0 for no time
     */
    Duration until(double turns, int together) {
        if (turns <= 0) {
            return Duration.ZERO;
        }
        double pace = secondsPerTurn(together);
        return pace < 0 ? UNKNOWN : Duration.ofNanos((long) (turns * pace * NANOS));
    }

    /** Of the nearest number of turns side by side that is known, fewer rather than more. */
    private double secondsPerTurn(int together) {
        int index = index(Math.max(1, together));
        for (int i = index; i >= 0; i--) {
            if (ended[i] > 0) {
                return seconds[i] / ended[i] * (i < index ? GAIN : 1);
            }
        }
        for (int i = index + 1; i < ended.length; i++) {
            if (ended[i] > 0) {
                return seconds[i] / ended[i];
            }
        }
        return -1;
    }

    private static int index(int together) {
        return together <= 1 ? 0 : Integer.SIZE - Integer.numberOfLeadingZeros(together - 1);
    }
}
