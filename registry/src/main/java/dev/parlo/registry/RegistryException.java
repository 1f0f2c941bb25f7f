package dev.parlo.registry;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The one exception of this module: a model could not be named, found, fetched, kept or removed.
 * The message says what was given and what to do and may be shown to a caller; it never holds a
 * token.
 */
public final class RegistryException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What kind of failure it is; the server maps each to a status code. */
    public enum Category {
        /** The text is not a model id. */
        INVALID_ID,
        /** No such model, repository, revision or file, here or on the Hub. */
        NOT_FOUND,
        /**
         * The repository exists and the id means none of its models; the message lists those that
         * there are.
         */
        NO_VARIANT,
        /** The repository exists but holds no format this server runs. */
        UNSUPPORTED,
        /** The model's files lie on this machine and cannot be used; no download mends them. */
        BROKEN,
        /** The repository's terms must be accepted, or the token does not cover them. */
        GATED,
        /** The Hub refused the token. */
        UNAUTHORIZED,
        /** The Hub refuses the repository to everyone, for example because it is disabled. */
        FORBIDDEN,
        /** {@code HF_HUB_OFFLINE} forbids the call. */
        OFFLINE,
        /** The Hub cannot be reached or misbehaves. */
        UNAVAILABLE,
        /** The Hub asks to wait, see {@link RegistryException#retryAfter()}. */
        RATE_LIMITED,
        /** The disk that holds the cache is full. */
        NO_SPACE,
        /** What came is not what the Hub announced (hash or size). */
        CORRUPT,
        /** The download was cancelled. */
        CANCELLED,
        /** The model's state forbids the operation (built in, being downloaded). */
        CONFLICT,
        /** The local disk failed otherwise. */
        IO,
        /** The alias file cannot be used. */
        INVALID_ALIASES
    }

    private final Category category;
    private final @Nullable Duration retryAfter;
    private final @Nullable String hint;

    public RegistryException(Category category, String message) {
        this(category, message, null, null, null);
    }

    public RegistryException(Category category, String message, @Nullable Throwable cause) {
        this(category, message, cause, null, null);
    }

    public RegistryException(
            Category category,
            String message,
            @Nullable Throwable cause,
            @Nullable Duration retryAfter) {
        this(category, message, cause, retryAfter, null);
    }

    private RegistryException(
            Category category,
            String message,
            @Nullable Throwable cause,
            @Nullable Duration retryAfter,
            @Nullable String hint) {
        super(message, cause);
        this.category = category;
        this.retryAfter = retryAfter;
        this.hint = hint;
    }

    /**
     * The same with what to do about it, if anything, where the message itself has to be as clients
     * know it.
     */
    public RegistryException withHint(String text) {
        return text.isEmpty()
                ? this
                : new RegistryException(category, getMessage(), getCause(), retryAfter, text);
    }

    /** The same for one more waiter, with that waiter's stack. */
    public RegistryException again() {
        return new RegistryException(category, getMessage(), this, retryAfter, hint);
    }

    @Override
    public String getMessage() {
        return Objects.requireNonNullElse(super.getMessage(), category.name());
    }

    public Category category() {
        return category;
    }

    /** What to do about it; empty where the message says so itself. */
    public Optional<String> hint() {
        return Optional.ofNullable(hint);
    }

    /** The message and the hint in one text. */
    public String advice() {
        return hint == null ? getMessage() : getMessage().replaceFirst("\\.$", "") + ". " + hint;
    }

    /** How long the Hub asked to wait, where it did. */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }
}
