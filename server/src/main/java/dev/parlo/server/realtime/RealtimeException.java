package dev.parlo.server.realtime;

import org.jspecify.annotations.Nullable;

/** What a client did cannot be done; it is told by an {@code error} event, and goes on. */
final class RealtimeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final @Nullable String code;
    private final @Nullable String param;

    RealtimeException(@Nullable String code, String message, @Nullable String param) {
        super(message);
        this.code = code;
        this.param = param;
    }

    RealtimeException(@Nullable String code, String message) {
        this(code, message, null);
    }

    String message() {
        return String.valueOf(getMessage());
    }

    @Nullable String code() {
        return code;
    }

    @Nullable String param() {
        return param;
    }
}
