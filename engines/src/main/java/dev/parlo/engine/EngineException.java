package dev.parlo.engine;

/**
 * The failure of an engine, with the category by which the edge of the program chooses a status
 * code. Messages say what was given, what is accepted and what to do.
 */
public class EngineException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Whose fault it was and what kind of answer it deserves. */
    public enum Category {
        /** An option or a value of the request cannot be used (400). */
        BAD_REQUEST,
        /** The bytes are not audio, or of a kind that is not accepted (415). */
        UNSUPPORTED_AUDIO,
        /** The audio is empty or broken (400). */
        BAD_AUDIO,
        /** Larger or longer than the limit (413). */
        TOO_LARGE,
        /** The model's files are damaged or of an unknown layout (500, the model's fault). */
        BAD_MODEL,
        /** The queue is full (429). */
        OVERLOADED,
        /** No room on disk or in memory (507). */
        NO_SPACE,
        /** The device that computed failed, or all that could did (503, worth another try). */
        DEVICE_LOST,
        /** A step of native code took too long, or does not end at all (503, worth another try). */
        STUCK,
        /** The caller went away or the engine is being closed. */
        CANCELLED,
        /** Everything else (500). */
        INTERNAL
    }

    /** What kind of failure it is. */
    private final Category category;

    /**
     * A failure that nothing else caused.
     *
     * @param category what kind it is of
     * @param message what was given, what is accepted and what to do
     */
    public EngineException(Category category, String message) {
        super(message);
        this.category = category;
    }

    /**
     * A failure that another one caused.
     *
     * @param category what kind it is of
     * @param message what was given, what is accepted and what to do
     * @param cause for logs
     */
    public EngineException(Category category, String message, Throwable cause) {
        super(message, cause);
        this.category = category;
    }

    /** {@return what kind of failure it is} */
    public Category category() {
        return category;
    }
}
