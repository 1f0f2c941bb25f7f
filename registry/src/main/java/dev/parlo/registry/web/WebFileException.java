package dev.parlo.registry.web;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * A file is not fetched. The message is a sentence that shows the host and nothing else of the
 * address, which may hold a signature or a password.
 */
public final class WebFileException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1;

    /** Why not. */
    public enum Reason {
        /** It is no address of the web, holds a password, or leads to one that may not be asked. */
        REFUSED_ADDRESS,
        /** Its host is not among those that may be asked. */
        REFUSED_HOST,
        /** Its host is not known, does not answer, or has an address that is not public. */
        UNREACHABLE,
        /** Its host answered with something other than a file. */
        NO_FILE,
        /** It has more bytes than are accepted. */
        TOO_LARGE,
        /** It was not there in time. */
        TIMEOUT,
        /** The fetch was ended. */
        CANCELLED
    }

    private final Reason reason;
    private final String host;

    WebFileException(Reason reason, String host, String message) {
        this(reason, host, message, null);
    }

    WebFileException(Reason reason, String host, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
        this.host = host;
    }

    public Reason reason() {
        return reason;
    }

    /** In quotation marks, shortened; empty where there is none. */
    public String host() {
        return host;
    }
}
