package dev.parlo.spark;

import java.io.Serial;

/**
 * The whole job cannot be done as asked. What is wrong with one recording is an error in its rows
 * instead. The message says what was given, what is accepted and what to do.
 */
public final class ArchiveException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1;

    public ArchiveException(String message) {
        super(message);
    }

    public ArchiveException(String message, Throwable cause) {
        super(message, cause);
    }
}
