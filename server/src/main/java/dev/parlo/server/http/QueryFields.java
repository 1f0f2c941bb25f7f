package dev.parlo.server.http;

import io.javalin.http.Context;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads a query string and collects everything that is wrong with it. Not thread-safe. */
public final class QueryFields {
    private static final Set<String> YES = Set.of("true", "t", "yes", "y", "on", "1");
    private static final Set<String> NO = Set.of("false", "f", "no", "n", "off", "0");

    private final Context ctx;
    private final List<FieldError> problems = new ArrayList<>();

    public QueryFields(Context ctx) {
        this.ctx = ctx;
    }

    /** Null when absent or empty. */
    public @Nullable String text(String name) {
        String value = ctx.queryParam(name);
        return value == null || value.isEmpty() ? null : value;
    }

    public boolean bool(String name, boolean otherwise) {
        String value = text(name);
        if (value == null) {
            return otherwise;
        }
        String lower = value.toLowerCase(Locale.ROOT);
        if (!YES.contains(lower) && !NO.contains(lower)) {
            problems.add(FieldError.bool(List.of("query", name), value));
        }
        return YES.contains(lower);
    }

    /** One of the accepted words; null when absent. */
    public @Nullable String choice(String name, List<String> accepted) {
        String value = text(name);
        if (value != null && !accepted.contains(value)) {
            problems.add(FieldError.literal(List.of("query", name), value, accepted));
        }
        return value;
    }

    /** A whole number from 1 to {@code most}. */
    public int count(String name, int otherwise, int most) {
        String value = text(name);
        if (value == null) {
            return otherwise;
        }
        List<Object> loc = List.of("query", name);
        try {
            int number = Integer.parseInt(value);
            if (number < 1) {
                problems.add(FieldError.atLeast(loc, value, 1));
            } else if (number > most) {
                problems.add(FieldError.atMost(loc, value, most));
            }
            return number;
        } catch (NumberFormatException notNumber) {
            problems.add(FieldError.integer(loc, value));
            return otherwise;
        }
    }

    public void reject(String name, String message) {
        problems.add(FieldError.value(List.of("query", name), text(name), message));
    }

    /**
     * @throws ApiError 422 naming every problem
     */
    public void check() {
        if (!problems.isEmpty()) {
            throw ApiError.validation(problems);
        }
    }
}
