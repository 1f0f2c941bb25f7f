package dev.parlo.server.trace;

import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The id of a request in its answer, in the log and in traces. */
public final class RequestId {
    /** In requests and in answers. */
    public static final String HEADER = "x-request-id";

    /** What is safe to write to a log and to a header as it is. */
    private static final Pattern ACCEPTED = Pattern.compile("[A-Za-z0-9._:/+=@-]{1,128}");

    private RequestId() {}

    /** The one that the client gave, or a new one where it gave none that can be written. */
    public static String of(@Nullable String given) {
        return given != null && ACCEPTED.matcher(given).matches()
                ? given
                : "req_" + UUID.randomUUID().toString().replace("-", "");
    }
}
