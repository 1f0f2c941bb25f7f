package dev.parlo.server.realtime;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/**
 * An object that a client sent, read with OpenAI's words for what is wrong with it. A key that is
 * absent has no effect.
 *
 * @param path of the object in the event, such as {@code session.audio}
 */
record Given(JsonNode node, String path) {
    static final int LONGEST_TEXT = 1 << 20;

    boolean has(String key) {
        return node.has(key);
    }

    boolean isNull(String key) {
        return node.path(key).isNull();
    }

    JsonNode get(String key) {
        return node.path(key);
    }

    String param(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    /** The object of a key; an empty one where it is absent or null. */
    Given object(String key) {
        JsonNode value = node.path(key);
        if (!value.isMissingNode() && !value.isNull() && !value.isObject()) {
            throw wrongType(key, "an object");
        }
        return new Given(value.isObject() ? value : MissingNode.getInstance(), param(key));
    }

    /** Null where it is absent or null. */
    @Nullable String text(String key) {
        JsonNode value = node.path(key);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (!value.isString()) {
            throw wrongType(key, "a string");
        }
        String text = value.asString();
        if (text.length() > LONGEST_TEXT) {
            throw new RealtimeException(
                    "string_above_max_length",
                    String.format(
                            Locale.ROOT,
                            "'%s' has %d characters, and %d are accepted.",
                            param(key),
                            text.length(),
                            LONGEST_TEXT),
                    param(key));
        }
        return text;
    }

    String required(String key) {
        return present(text(key), key);
    }

    /** Audio or an image as text, as long as a message may be. */
    String requiredData(String key) {
        return present(data(key), key);
    }

    /** The same; null where it is absent or null. */
    @Nullable String data(String key) {
        JsonNode value = node.path(key);
        return value.isString() ? value.asString() : text(key);
    }

    private String present(@Nullable String text, String key) {
        if (text == null) {
            throw new RealtimeException(
                    "missing_required_parameter",
                    "Missing required parameter: '" + param(key) + "'.",
                    param(key));
        }
        return text;
    }

    /** Null where it is absent or null. */
    @Nullable Boolean flag(String key) {
        JsonNode value = node.path(key);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (!value.isBoolean()) {
            throw wrongType(key, "a boolean");
        }
        return value.asBoolean();
    }

    /** Null where it is absent or null. */
    @Nullable Double number(String key, double least, double most) {
        JsonNode value = node.path(key);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (!value.isNumber()) {
            throw wrongType(key, "a number");
        }
        double number = value.asDouble(Double.NaN);
        if (!(number >= least && number <= most)) {
            throw new RealtimeException(
                    "invalid_value",
                    String.format(
                            Locale.ROOT,
                            "Invalid value for '%s': %s. It must be a number from %s to %s.",
                            param(key),
                            value,
                            plain(least),
                            plain(most)),
                    param(key));
        }
        return number;
    }

    /** Null where it is absent or null. */
    @Nullable Integer whole(String key, int least, int most) {
        Double number = number(key, least, most);
        return number == null ? null : (int) Math.round(number);
    }

    private static String plain(double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
    }

    /** Null where it is absent or null. */
    @Nullable String oneOf(String key, List<String> accepted) {
        String text = text(key);
        if (text != null && !accepted.contains(text)) {
            throw new RealtimeException(
                    "invalid_value",
                    String.format(
                            Locale.ROOT,
                            "Invalid value: '%s'. Supported values are: %s.",
                            shown(text),
                            String.join(
                                    ", ",
                                    accepted.stream().map(word -> "'" + word + "'").toList())),
                    param(key));
        }
        return text;
    }

    RealtimeException wrongType(String key, String expected) {
        JsonNode value = node.path(key);
        return new RealtimeException(
                "invalid_type",
                String.format(
                        Locale.ROOT,
                        "Invalid type for '%s': expected %s, but got %s instead.",
                        param(key),
                        expected,
                        kind(value)),
                param(key));
    }

    private static String kind(JsonNode value) {
        return switch (value.getNodeType()) {
            case STRING -> "a string";
            case NUMBER -> "a number";
            case BOOLEAN -> "a boolean";
            case ARRAY -> "an array";
            case OBJECT -> "an object";
            default -> "null";
        };
    }

    /** What a client sent is not sent back at any length. */
    static String shown(String text) {
        return text.length() > 80 ? text.substring(0, 80) + "…" : text;
    }
}
