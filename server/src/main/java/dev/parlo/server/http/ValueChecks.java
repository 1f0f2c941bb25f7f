package dev.parlo.server.http;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Checks values, and collects what is wrong with them. One thread. */
final class ValueChecks {
    private final List<FieldError> problems = new ArrayList<>();

    void add(FieldError problem) {
        problems.add(problem);
    }

    /**
     * @throws ApiError 422 naming every problem
     */
    void check() {
        if (!problems.isEmpty()) {
            throw ApiError.validation(problems);
        }
    }

    /** A finite number from {@code least} to {@code most}; null for any other value. */
    @Nullable Double number(List<Object> loc, JsonNode node, double least, double most) {
        Double value = LaxValues.number(node);
        // Adding zero makes -0 a 0, which compareTo() puts above it.
        Double plain = value == null ? null : Double.valueOf(value + 0.0);
        return within(loc, node, plain, FieldError::number, least, most);
    }

    /** A whole number from {@code least} to {@code most}; null for any other value. */
    @Nullable Long integer(List<Object> loc, JsonNode node, long least, long most) {
        return within(loc, node, LaxValues.integer(node), FieldError::integer, least, most);
    }

    private <N extends Number & Comparable<N>> @Nullable N within(
            List<Object> loc,
            JsonNode node,
            @Nullable N value,
            BiFunction<List<Object>, Object, FieldError> unreadable,
            N least,
            N most) {
        if (value == null) {
            problems.add(unreadable.apply(loc, node));
        } else if (value.compareTo(least) < 0) {
            problems.add(FieldError.atLeast(loc, node, least));
        } else if (value.compareTo(most) > 0) {
            problems.add(FieldError.atMost(loc, node, most));
        } else {
            return value;
        }
        return null;
    }
}
