package dev.parlo.server.runpod;

/** A job that cannot be done, with the sentence for its client. */
final class JobException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    JobException(String message) {
        super(message);
    }
}
