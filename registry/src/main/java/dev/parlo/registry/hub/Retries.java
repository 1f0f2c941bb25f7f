package dev.parlo.registry.hub;

import dev.parlo.registry.RegistryException;
import dev.parlo.registry.RegistryException.Category;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;

/**
 * Makes failed calls again while that can help, within a policy, and says at the end why the Hub
 * could not be used. Stateless; safe for use by many threads.
 */
public final class Retries {
    private final RetryPolicy policy;
    private final HubSettings settings;

    Retries(RetryPolicy policy, HubSettings settings) {
        this.policy = policy;
        this.settings = settings;
    }

    /** A call that may be made again after an {@link IOException}. */
    interface Attempt<T> {
        T run() throws IOException;
    }

    /** Calls in all. */
    public int attempts() {
        return policy.attempts();
    }

    public <T> T run(CancelSignal signal, Attempt<T> attempt) {
        return run(signal, policy.attempts(), attempt);
    }

    <T> T run(CancelSignal signal, int attempts, Attempt<T> attempt) {
        requireOnline();
        for (int failures = 1; ; failures++) {
            signal.check();
            try {
                return attempt.run();
            } catch (IOException failed) {
                signal.check();
                if (failures >= attempts) {
                    throw unavailable(failed);
                }
                signal.pause(pause(failed, failures));
            }
        }
    }

    /** The pause before the next call; throws when the Hub asks for a longer wait than allowed. */
    public Duration pause(IOException failed, int failures) {
        if (failed instanceof TryLaterException later && later.after().isPresent()) {
            Duration after = later.after().get();
            if (after.compareTo(policy.longestRetryAfter()) > 0) {
                throw unavailable(failed);
            }
            return after;
        }
        return policy.pause(failures);
    }

    /** What the caller is told when no further try is made. */
    public RegistryException unavailable(IOException failed) {
        if (failed instanceof TryLaterException later) {
            boolean limited = later.status() == 429;
            return new RegistryException(
                    limited ? Category.RATE_LIMITED : Category.UNAVAILABLE,
                    "The Hub at "
                            + origin()
                            + (limited
                                    ? " limits the rate of calls"
                                    : " cannot be used: " + failed.getMessage())
                            + later.after()
                                    .map(after -> "; try again in " + after.toSeconds() + " s")
                                    .orElse(limited ? "; try again later" : "")
                            + ".",
                    failed,
                    later.after().orElse(null));
        }
        return new RegistryException(
                Category.UNAVAILABLE,
                "The Hub at " + origin() + " cannot be used: " + failed.getMessage() + ".",
                failed);
    }

    /**
     * What the caller is told of a question whose calls {@link TotalTime} ends: that the Hub took
     * longer than it may, or what it was refused for before.
     */
    RegistryException told(RegistryException refused, Duration limit) {
        if (refused.category() != Category.CANCELLED) {
            return refused;
        }
        return new RegistryException(
                Category.UNAVAILABLE,
                "The Hub at "
                        + origin()
                        + " did not answer within "
                        + BigDecimal.valueOf(limit.toMillis(), 3)
                                .stripTrailingZeros()
                                .toPlainString()
                        + " s.");
    }

    void requireOnline() {
        if (settings.offline()) {
            throw new RegistryException(
                    Category.OFFLINE,
                    "HF_HUB_OFFLINE (or TRANSFORMERS_OFFLINE) is set, so the Hub is not asked."
                            + " Unset it, or copy the model's folder into the cache.");
        }
    }

    private String origin() {
        return settings.endpoint().getScheme() + "://" + settings.endpoint().getRawAuthority();
    }
}
