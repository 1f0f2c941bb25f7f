package dev.parlo.engine.pool;

import dev.parlo.engine.ByteAmount;
import dev.parlo.engine.EngineException;
import java.io.Serial;
import java.time.Duration;
import java.util.Locale;

/** Why a pool lends no engine. The message has the numbers and says what to do. */
public final class PoolException extends EngineException {
    @Serial private static final long serialVersionUID = 1L;

    /** The kinds of refusal. */
    public enum Reason {
        /** The load took longer than the limit and was given up (503, worth another try). */
        LOAD_TIMEOUT,
        /** Other loads were under way for as long as one may wait (503, worth another try). */
        LOAD_QUEUED,
        /** Engines in use fill the memory budget (503, worth another try). */
        NO_ROOM,
        /** The engine alone needs more than the memory budget (507). */
        TOO_LARGE,
        /** The loader failed; the cause says how (500 unless the cause has a category). */
        LOAD_FAILED,
        /** The pool is closed (503). */
        CLOSED,
        /** The waiting thread was interrupted. */
        INTERRUPTED
    }

    private final Reason reason;
    private final Duration retryAfter;

    private PoolException(Reason reason, Category category, String message, Duration retryAfter) {
        super(category, message);
        this.reason = reason;
        this.retryAfter = retryAfter;
    }

    public Reason reason() {
        return reason;
    }

    /** When another try makes sense; zero when it does not. */
    public Duration retryAfter() {
        return retryAfter;
    }

    static PoolException loadTimeout(Object key, Duration limit) {
        return new PoolException(
                Reason.LOAD_TIMEOUT,
                Category.INTERNAL,
                String.format(
                        Locale.ROOT,
                        "Loading '%s' took longer than the limit of %s s and was given up. Try again later or raise the limit.",
                        key,
                        seconds(limit)),
                retryAfter(limit));
    }

    static PoolException queued(Object key, Duration limit) {
        return new PoolException(
                Reason.LOAD_QUEUED,
                Category.OVERLOADED,
                String.format(
                        Locale.ROOT,
                        "'%s' waited %s s for other loads to end and has not begun itself. Try again later.",
                        key,
                        seconds(limit)),
                retryAfter(limit));
    }

    private static Duration retryAfter(Duration limit) {
        return Duration.ofSeconds(Math.clamp(limit.toSeconds() / 10, 1, 60));
    }

    static PoolException noRoom(Object key, long needed, long used, long budget, Duration waited) {
        return new PoolException(
                Reason.NO_ROOM,
                Category.OVERLOADED,
                String.format(
                        Locale.ROOT,
                        "'%s' needs %s of memory, but models that are in use or pinned hold %s of the budget of %s; waited %s s for room. Try again later or raise the budget.",
                        key,
                        ByteAmount.text(needed),
                        ByteAmount.text(used),
                        ByteAmount.text(budget),
                        seconds(waited)),
                Duration.ofSeconds(5));
    }

    static PoolException tooLarge(Object key, long needed, long budget) {
        return new PoolException(
                Reason.TOO_LARGE,
                Category.NO_SPACE,
                String.format(
                        Locale.ROOT,
                        "'%s' needs %s of memory (%d bytes), more than the whole budget of %s (%d bytes). Choose a smaller model or raise the budget.",
                        key,
                        ByteAmount.text(needed),
                        needed,
                        ByteAmount.text(budget),
                        budget),
                Duration.ZERO);
    }

    static PoolException loadFailed(Object key, Throwable cause) {
        String why =
                cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        Category category =
                cause instanceof EngineException failure ? failure.category() : Category.INTERNAL;
        if (cause instanceof InternalError && why.contains("unsafe memory access")) {
            // so the virtual machine says that pages of a mapped file are not there any more
            category = Category.BAD_MODEL;
            why =
                    "A file of the model was shortened, or cannot be read any more, while it was"
                            + " read. Download the model again.";
        }
        var failure =
                new PoolException(
                        Reason.LOAD_FAILED,
                        category,
                        String.format(Locale.ROOT, "Loading '%s' failed: %s", key, why),
                        Duration.ZERO);
        failure.initCause(cause);
        return failure;
    }

    static PoolException closed(Object key) {
        return new PoolException(
                Reason.CLOSED,
                Category.CANCELLED,
                String.format(Locale.ROOT, "'%s' cannot be lent: the program is stopping.", key),
                Duration.ofSeconds(5));
    }

    static PoolException interrupted(Object key) {
        return new PoolException(
                Reason.INTERRUPTED,
                Category.CANCELLED,
                String.format(Locale.ROOT, "Interrupted while waiting for '%s'.", key),
                Duration.ZERO);
    }

    /** The same failure for one more waiter, with that waiter's stack. */
    PoolException again() {
        var copy = new PoolException(reason, category(), String.valueOf(getMessage()), retryAfter);
        copy.initCause(getCause() == null ? this : getCause());
        return copy;
    }

    private static String seconds(Duration duration) {
        return duration.toMillis() % 1000 == 0
                ? String.valueOf(duration.toSeconds())
                : String.valueOf(duration.toMillis() / 1000.0);
    }
}
