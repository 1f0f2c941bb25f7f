package dev.parlo.server.http;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * An answer that is not the one asked for. Its body has both shapes that clients read: {@code
 * detail} as Speaches (FastAPI) writes it, and {@code error} as OpenAI does.
 */
public final class ApiError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Seconds after which a refused client may try again: about one short request's time. */
    static final String SHORTLY = "2";

    /** What a client sent is not sent back at any length. */
    private static final int LONGEST_MESSAGE = 4000;

    private final int status;
    private final transient List<FieldError> fields;
    private final @Nullable String param;
    private final @Nullable String code;
    private final @Nullable String hint;
    private final transient Map<String, String> headers;
    private final transient Map<String, Object> more;

    private ApiError(
            int status,
            String message,
            List<FieldError> fields,
            @Nullable String param,
            @Nullable String code,
            @Nullable String hint,
            Map<String, String> headers,
            Map<String, Object> more,
            @Nullable Throwable cause) {
        super(
                message.length() > LONGEST_MESSAGE
                        ? message.substring(0, LONGEST_MESSAGE) + "…"
                        : message,
                cause);
        this.status = status;
        this.fields = List.copyOf(fields);
        this.param = param;
        this.code = code;
        this.hint = hint;
        this.headers = Map.copyOf(headers);
        this.more = more;
    }

    /** An error with a message of one sentence or two. */
    public static ApiError of(int status, String message) {
        return new ApiError(status, message, List.of(), null, null, null, Map.of(), Map.of(), null);
    }

    /** As {@link #of(int, String)}, with OpenAI's {@code code}, such as {@code model_not_found}. */
    public static ApiError of(int status, String message, String code) {
        return new ApiError(status, message, List.of(), null, code, null, Map.of(), Map.of(), null);
    }

    /** What every request is told that comes, or still runs, while the server ends. */
    public static ApiError stopping() {
        return of(503, "The server is stopping. Send the request again later.", "stopping")
                .withHeader("Retry-After", "5");
    }

    /** A step of native code takes too long. */
    public static ApiError stuck(String message) {
        // Within that time it has ended, or another engine takes over.
        return of(503, message, "model_stuck").withHeader("Retry-After", "10");
    }

    /** A request's time is over. Clients that repeat it by themselves would wait as long again. */
    static ApiError deadline(Duration limit) {
        return of(
                        504,
                        String.format(
                                Locale.ROOT,
                                "The request was not done within %s s, and was ended. The limit is"
                                        + " the header %s, or REQUEST_TIMEOUT.",
                                BigDecimal.valueOf(limit.toMillis(), 3)
                                        .stripTrailingZeros()
                                        .toPlainString(),
                                Deadline.HEADER),
                        "deadline_exceeded")
                .withHeader("x-should-retry", "false");
    }

    /** 422 naming every field that is wrong. */
    public static ApiError validation(List<FieldError> fields) {
        // Of a repeated field an index comes after the name.
        Object name = null;
        for (Object part : fields.getFirst().loc()) {
            name = part instanceof String ? part : name;
        }
        String message =
                fields.stream().map(FieldError::sentence).collect(Collectors.joining("; "));
        return new ApiError(
                422,
                message,
                fields,
                name == null ? null : name.toString(),
                fields.getFirst().type(),
                null,
                Map.of(),
                Map.of(),
                null);
    }

    /** The same with one more response header. */
    public ApiError withHeader(String name, String value) {
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.put(name, value);
        return new ApiError(status, message(), fields, param, code, hint, all, more, getCause());
    }

    /** The same about one parameter. */
    public ApiError withParam(String name) {
        return new ApiError(status, message(), fields, name, code, hint, headers, more, getCause());
    }

    /** The same with what to do, where {@code detail} has to be the sentence that clients know. */
    public ApiError withHint(String text) {
        return new ApiError(
                status, message(), fields, param, code, text, headers, more, getCause());
    }

    /** The same with what led to it, for the log. */
    public ApiError withCause(Throwable cause) {
        return new ApiError(status, message(), fields, param, code, hint, headers, more, cause);
    }

    /**
     * The same with more entries of the body, which come after {@code detail}; one of the name
     * {@code error} takes the place of OpenAI's object, as where another server's is passed on.
     */
    public ApiError withBody(Map<String, Object> entries) {
        return new ApiError(
                status,
                message(),
                fields,
                param,
                code,
                hint,
                headers,
                new LinkedHashMap<>(entries),
                getCause());
    }

    public int status() {
        return status;
    }

    public String message() {
        return String.valueOf(getMessage());
    }

    /** Its code, or its status where it has none. */
    String reason() {
        return code == null ? "status_" + status : code;
    }

    /** What is wrong with which field; empty for any other error. */
    public List<FieldError> fields() {
        return fields;
    }

    public Map<String, String> headers() {
        return headers;
    }

    /** The body, both shapes in one. */
    public Map<String, Object> body() {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("detail", fields.isEmpty() ? message() : fields);
        body.putAll(more);
        body.put("error", error());
        return body;
    }

    /** OpenAI's error object alone, as an event of a stream carries it. */
    public Map<String, @Nullable Object> error() {
        Map<String, @Nullable Object> error = new LinkedHashMap<>();
        if (more.get("error") instanceof Map<?, ?> passedOn) {
            passedOn.forEach((name, value) -> error.put(String.valueOf(name), value));
            return error;
        }
        error.put(
                "message",
                hint == null ? message() : message().replaceFirst("\\.$", "") + ". " + hint);
        error.put("type", type());
        error.put("param", param);
        error.put("code", code);
        return error;
    }

    private String type() {
        if (status == 429) {
            return "rate_limit_error";
        }
        if (status == 401 || status == 403) {
            return "authentication_error";
        }
        return status >= 500 ? "server_error" : "invalid_request_error";
    }
}
