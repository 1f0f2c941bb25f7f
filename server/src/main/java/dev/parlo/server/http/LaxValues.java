package dev.parlo.server.http;

import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a value means where a number or a truth value is expected, by the table of pydantic's lax
 * mode, which the servers that clients were written for use: {@code "1.5"} and {@code true} are
 * numbers, {@code 16000.0} is a whole one, {@code "off"} and 0 are false.
 */
public final class LaxValues {
    private static final int MAX_LENGTH = 64;
    private static final Pattern DIGITS = Pattern.compile("[+-]?[0-9]{1,19}");
    private static final Pattern NUMBER =
            Pattern.compile("[+-]?(?:[0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?");

    private LaxValues() {}

    /** A truth value by its usual words; null for any other text. */
    public static @Nullable Boolean bool(String text) {
        return switch (text.strip().toLowerCase(Locale.ROOT)) {
            case "true", "t", "yes", "y", "on", "1" -> true;
            case "false", "f", "no", "n", "off", "0" -> false;
            default -> null;
        };
    }

    /** A finite number; null for any other text. */
    public static @Nullable Double number(String text) {
        String plain = text.strip();
        if (plain.length() > MAX_LENGTH || !NUMBER.matcher(plain).matches()) {
            return null;
        }
        double value = Double.parseDouble(plain);
        return Double.isFinite(value) ? value : null;
    }

    /**
     * A whole number, also one that is written with a fraction of zero; null for any other text.
     */
    public static @Nullable Long integer(String text) {
        Long plain = digits(text);
        return plain != null ? plain : whole(number(text));
    }

    /**
     * A whole number of ASCII digits, with or without a sign; null for any other text. Java's own
     * parsers take the digits of every script, and hexadecimal fractions.
     */
    public static @Nullable Long digits(String text) {
        String plain = text.strip();
        if (!DIGITS.matcher(plain).matches()) {
            return null;
        }
        try {
            return Long.valueOf(plain);
        } catch (NumberFormatException tooLarge) {
            return null;
        }
    }

    static @Nullable Boolean bool(JsonNode node) {
        if (node.isBoolean()) {
            return node.booleanValue();
        }
        if (node.isNumber()) {
            double value = decimal(node);
            return value == 1 ? Boolean.TRUE : value == 0 ? Boolean.FALSE : null;
        }
        return node.isString() ? bool(node.asString()) : null;
    }

    static @Nullable Double number(JsonNode node) {
        if (node.isNumber()) {
            double value = decimal(node);
            return Double.isFinite(value) ? value : null;
        }
        if (node.isBoolean()) {
            return node.booleanValue() ? 1.0 : 0.0;
        }
        return node.isString() ? number(node.asString()) : null;
    }

    /** Not a number where it is beyond the range, which Jackson throws for without a default. */
    private static double decimal(JsonNode number) {
        return number.asDouble(Double.NaN);
    }

    static @Nullable Long integer(JsonNode node) {
        if (node.isIntegralNumber()) {
            return node.canConvertToLong() ? node.asLong() : null;
        }
        return node.isString() ? integer(node.asString()) : whole(number(node));
    }

    private static @Nullable Long whole(@Nullable Double value) {
        if (value == null || value != Math.rint(value) || Math.abs(value) >= 1L << 53) {
            return null;
        }
        return value.longValue();
    }
}
