package dev.parlo.server.cli;

/** A command that cannot be carried out, with the sentence for the user. */
final class CommandFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final boolean ofCommandLine;

    CommandFailure(String message) {
        super(message);
        ofCommandLine = false;
    }

    CommandFailure(String message, Throwable cause) {
        super(message, cause);
        ofCommandLine = false;
    }

    private CommandFailure(String message, boolean ofCommandLine) {
        super(message);
        this.ofCommandLine = ofCommandLine;
    }

    /** For a flag with a value that cannot be used. */
    static CommandFailure wrongValue(String message) {
        return new CommandFailure(message, true);
    }

    boolean ofCommandLine() {
        return ofCommandLine;
    }
}
