package dev.parlo.registry.hub;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How often and after what pause a failed call to the Hub is made again: exponential backoff, half
 * of it at random, so that clients cut off together do not come back together.
 *
 * @param attempts calls in all
 * @param firstPause the upper bound of the first pause; it doubles from there
 * @param longestPause the upper bound of any pause
 * @param longestRetryAfter the longest wait the Hub may ask for; beyond it the call fails at once
 */
public record RetryPolicy(
        int attempts, Duration firstPause, Duration longestPause, Duration longestRetryAfter) {
    public RetryPolicy {
        if (attempts < 1) {
            throw new IllegalArgumentException("attempts must be at least 1");
        }
    }

    /** Five calls, pauses of up to 0.5, 1, 2 and 4 s, and up to 30 s where the Hub asks for it. */
    public static RetryPolicy standard() {
        return new RetryPolicy(
                5, Duration.ofMillis(500), Duration.ofSeconds(8), Duration.ofSeconds(30));
    }

    /**
     * A pause from half to all of its bound, before the call after {@code failures} failed ones.
     */
    Duration pause(int failures) {
        long bound =
                Math.min(
                        longestPause.toMillis(),
                        firstPause.toMillis() << Math.min(20, Math.max(0, failures - 1)));
        return Duration.ofMillis(
                bound <= 0 ? 0 : RandomGenerator.getDefault().nextLong(bound / 2, bound + 1));
    }
}
