package dev.parlo.spark;

import dev.parlo.engine.EngineException;
import java.io.Serializable;
import java.util.Locale;

/**
 * What is wrong with a recording or a piece of one, as it stands in the table.
 *
 * @param category in lower case, such as {@code unsupported_audio}
 * @param message a sentence
 */
record Failure(String category, String message) implements Serializable {
    /**
     * The fault of a recording as an error of its rows.
     *
     * @throws EngineException the same, where every other recording would meet it too: a job with a
     *     model that cannot be opened must end and not fill a table with errors
     */
    static Failure ofRecording(EngineException failure) {
        return switch (failure.category()) {
            case UNSUPPORTED_AUDIO, BAD_AUDIO, TOO_LARGE, INTERNAL ->
                    new Failure(
                            failure.category().name().toLowerCase(Locale.ROOT),
                            String.valueOf(failure.getMessage()));
            case BAD_REQUEST, BAD_MODEL, OVERLOADED, NO_SPACE, DEVICE_LOST, STUCK, CANCELLED ->
                    throw failure;
        };
    }

    /** A file that a file system does not give. */
    static Failure unreadable(Exception failure) {
        return new Failure("unreadable", "The file cannot be read: " + failure.getMessage());
    }
}
