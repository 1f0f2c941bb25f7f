package dev.parlo.server.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong with one field of a request, in the shape that FastAPI gives a validation error.
 *
 * @param type such as {@code missing}, {@code int_parsing}, {@code literal_error}
 * @param loc where: {@code body}, {@code query} or {@code path}, then names and indexes
 * @param msg a sentence
 * @param input what was given, null for nothing
 * @param ctx the values that the message speaks of
 */
public record FieldError(
        String type,
        List<Object> loc,
        String msg,
        @Nullable Object input,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Map<String, Object> ctx) {

    public static FieldError missing(Object... loc) {
        return new FieldError("missing", List.of(loc), "Field required", null, null);
    }

    public static FieldError literal(
            List<Object> loc, @Nullable Object input, List<String> accepted) {
        String expected = quotedList(accepted);
        return new FieldError(
                "literal_error",
                loc,
                "Input should be " + expected,
                input,
                Map.of("expected", expected));
    }

    public static FieldError number(List<Object> loc, Object input) {
        return new FieldError(
                "float_parsing",
                loc,
                "Input should be a valid number, unable to parse string as a number",
                input,
                null);
    }

    public static FieldError integer(List<Object> loc, Object input) {
        return new FieldError(
                "int_parsing",
                loc,
                "Input should be a valid integer, unable to parse string as an integer",
                input,
                null);
    }

    public static FieldError bool(List<Object> loc, Object input) {
        return new FieldError(
                "bool_parsing",
                loc,
                "Input should be a valid boolean, unable to interpret input",
                input,
                null);
    }

    public static FieldError atLeast(List<Object> loc, Object input, Number minimum) {
        return new FieldError(
                "greater_than_equal",
                loc,
                "Input should be greater than or equal to " + minimum,
                input,
                Map.of("ge", minimum));
    }

    public static FieldError atMost(List<Object> loc, Object input, Number maximum) {
        return new FieldError(
                "less_than_equal",
                loc,
                "Input should be less than or equal to " + maximum,
                input,
                Map.of("le", maximum));
    }

    public static FieldError tooShort(List<Object> loc, Object input) {
        return new FieldError(
                "string_too_short",
                loc,
                "String should have at least 1 character",
                input,
                Map.of("min_length", 1));
    }

    public static FieldError value(List<Object> loc, @Nullable Object input, String message) {
        return new FieldError("value_error", loc, "Value error, " + message, input, null);
    }

    /** {@code 'a', 'b' or 'c'}, as pydantic lists literals. */
    private static String quotedList(List<String> values) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < values.size(); i++) {
            if (i > 0) {
                text.append(i == values.size() - 1 ? " or " : ", ");
            }
            text.append('\'').append(values.get(i)).append('\'');
        }
        return text.toString();
    }

    /** {@code body.temperature: Input should be …}. */
    String sentence() {
        StringBuilder where = new StringBuilder();
        for (Object part : loc) {
            where.append(where.isEmpty() ? "" : ".").append(part);
        }
        return where + ": " + msg;
    }
}
