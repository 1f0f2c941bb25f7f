package dev.parlo.engine.admission;

import dev.parlo.engine.EngineException;
import java.time.Duration;

/** A request is refused because too many others are there, or would be served before it. */
public final class OverloadedException extends EngineException {
    private static final long serialVersionUID = 1L;

    /** When those that are before it will have been served. */
    private final Duration retryAfter;

    OverloadedException(String message, Duration retryAfter) {
        super(Category.OVERLOADED, message);
        this.retryAfter = retryAfter;
    }

    /** {@return when those that are before it will have been served} */
    public Duration retryAfter() {
        return retryAfter;
    }
}
