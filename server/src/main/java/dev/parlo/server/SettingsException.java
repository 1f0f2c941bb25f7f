package dev.parlo.server;

import java.util.List;

/** Settings that cannot be used; the message has one line for each, naming the variable. */
public final class SettingsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean ofCommandLine;

    /**
     * Several at once.
     *
     * @param problems each names the variable, what was given and what is accepted
     */
    public SettingsException(List<String> problems) {
        super(String.join(System.lineSeparator(), problems));
        ofCommandLine = problems.stream().anyMatch(problem -> problem.startsWith("--"));
    }

    /**
     * What a setting names cannot be used.
     *
     * @param problem names the variable, what was found and what is accepted
     */
    public SettingsException(String problem, Throwable cause) {
        super(problem, cause);
        ofCommandLine = false;
    }

    /** Whether a flag has a value that it does not take. */
    public boolean ofCommandLine() {
        return ofCommandLine;
    }
}
