package dev.parlo.server.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What is wrong with one field of a request, in the shape that FastAPI gives a validation error.
 *
 * @param type such as {@code missing}, {@code int_parsing}, {@code literal_error}
 * @param loc where: {@code body}, {@code query} or {@code path}, then names and indexes
 * @param msg a sentence
 * @param input what was given, as JSON and at most 100 characters of it; null for nothing
 * @param ctx the values that the message speaks of
 */
public record FieldError(
        String type,
        List<Object> loc,
        String msg,
        @Nullable Object input,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Map<String, Object> ctx) {
    private static final int SHOWN = 100;
    private static final String VALUE_ERROR = "Value error, ";

    public FieldError {
        input = shown(input);
    }

    /** A value as JSON, only its beginning where it is long. */
    private static @Nullable Object shown(@Nullable Object input) {
        String text =
                switch (input) {
                    case null -> "";
                    case String given -> given;
                    case JsonNode node when node.isString() -> node.asString();
                    case JsonNode node -> node.toString();
                    default -> "";
                };
        return text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : input;
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

    /** A value that is not a number: a text that cannot be read as one, or another kind of JSON. */
    public static FieldError number(List<Object> loc, Object input) {
        return text(input)
                ? new FieldError(
                        "float_parsing",
                        loc,
                        "Input should be a valid number, unable to parse string as a number",
                        input,
                        null)
                : new FieldError("float_type", loc, "Input should be a valid number", input, null);
    }

    /** As {@link #number}, of whole numbers. */
    public static FieldError integer(List<Object> loc, Object input) {
        if (text(input)) {
            return new FieldError(
                    "int_parsing",
                    loc,
                    "Input should be a valid integer, unable to parse string as an integer",
                    input,
                    null);
        }
        return input instanceof JsonNode node && node.isNumber() && !node.isIntegralNumber()
                ? new FieldError(
                        "int_from_float",
                        loc,
                        "Input should be a valid integer, got a number with a fractional part",
                        input,
                        null)
                : new FieldError("int_type", loc, "Input should be a valid integer", input, null);
    }

    /** A value that is neither true nor false. */
    public static FieldError bool(List<Object> loc, Object input) {
        return text(input) || input instanceof JsonNode node && node.isNumber()
                ? new FieldError(
                        "bool_parsing",
                        loc,
                        "Input should be a valid boolean, unable to interpret input",
                        input,
                        null)
                : new FieldError("bool_type", loc, "Input should be a valid boolean", input, null);
    }

    private static boolean text(Object input) {
        return input instanceof String || input instanceof JsonNode node && node.isString();
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
        return new FieldError("value_error", loc, VALUE_ERROR + message, input, null);
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

    /**
     * What is wrong with a value of a name, without the words that pydantic puts around it: {@code
     * --limit must be a valid integer}.
     */
    public String plain(String name) {
        if (msg.startsWith(VALUE_ERROR)) {
            return name + ": " + msg.substring(VALUE_ERROR.length());
        }
        String text =
                msg.replaceFirst("^(?:Input|String) should ", "must ")
                        .replaceFirst("^Field required$", "is required")
                        .replaceFirst(", unable to (?:parse|interpret) .*$", "");
        return name + (text.equals(msg) ? ": " : " ") + text;
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
