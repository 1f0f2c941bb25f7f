package dev.parlo.registry.hub;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An answer after which the same call may succeed later: 429 or 5xx. */
final class TryLaterException extends IOException {
    private static final long serialVersionUID = 1L;
    private final int status;
    private final @Nullable Duration after;

    /**
     * @param said what the server says about it, "" for nothing
     */
    TryLaterException(int status, @Nullable Duration after, String said) {
        super("it answered " + status + (said.isEmpty() ? "" : " (" + said + ")"));
        this.status = status;
        this.after = after;
    }

    int status() {
        return status;
    }

    /** How long the server asks to wait. */
    Optional<Duration> after() {
        return Optional.ofNullable(after);
    }
}
