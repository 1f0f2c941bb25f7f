package dev.parlo.engine.worker;

import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineException.Category;

/** What the thread that asked is told of a failure on a worker: with its own stack, and why. */
public final class WorkFailure {
    private WorkFailure() {}

    static Category category(Throwable cause) {
        return switch (cause) {
            case EngineException known -> known.category();
            case OutOfMemoryError memory -> Category.NO_SPACE;
            default -> Category.INTERNAL;
        };
    }

    /**
     * @param work what failed, such as {@code The transcription}
     */
    public static EngineException of(String work, Throwable cause) {
        String message =
                switch (cause) {
                    case EngineException known -> String.valueOf(known.getMessage());
                    case OutOfMemoryError memory -> "Not enough memory for this request.";
                    default -> work + " failed: " + cause;
                };
        return new EngineException(category(cause), message, cause);
    }
}
