package dev.parlo.server.cli;

import dev.parlo.server.Settings.Logging;
import java.util.Locale;

/**
 * Hands the log settings to the file that configures the log, which is read once: before any class
 * with a logger is loaded, and so before the other settings are read.
 */
final class LogSettings {
    private LogSettings() {}

    static void apply(Logging logging) {
        String level =
                switch (logging.level()) {
                    case DEBUG -> "DEBUG";
                    case INFO -> "INFO";
                    case WARNING -> "WARN";
                    case ERROR, CRITICAL -> "ERROR";
                };
        System.setProperty("parlo.log.level", level);
        System.setProperty("parlo.log.format", logging.format().name().toLowerCase(Locale.ROOT));
    }

    /** Warnings and errors only: a command's output is for people. */
    static void quiet() {
        apply(new Logging(Logging.Level.WARNING, Logging.Format.TEXT));
    }
}
