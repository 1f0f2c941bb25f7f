package dev.parlo.server.telemetry;

/** The variables of OpenTelemetry cannot be used; the message says which and why. */
public final class TelemetryException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TelemetryException(String message, Throwable cause) {
        super(message, cause);
    }
}
