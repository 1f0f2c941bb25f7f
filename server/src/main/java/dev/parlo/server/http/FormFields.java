package dev.parlo.server.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads typed values out of a form and remembers everything that is wrong, so that one answer can
 * name it all. A field that was not sent, or sent empty, has its default. One thread.
 */
public final class FormFields {
    /** No list of a form has more values than that. */
    private static final int MOST_INDEXED = 256;

    private final Function<String, List<String>> source;
    private final List<FieldError> errors = new ArrayList<>();

    /**
     * @param source values of a field, none of them empty, in the order given
     */
    public FormFields(Function<String, List<String>> source) {
        this.source = source;
    }

    /** The last value of a field; null where it was not given. */
    public @Nullable String text(String name) {
        List<String> all = source.apply(name);
        return all.isEmpty() ? null : all.getLast();
    }

    public String text(String name, String fallback) {
        String given = text(name);
        return given == null ? fallback : given;
    }

    /** A field that must be there; the empty string where it is not. */
    public String required(String name) {
        String given = text(name);
        if (given == null) {
            errors.add(FieldError.missing("body", name));
            return "";
        }
        return given;
    }

    public boolean bool(String name, boolean fallback) {
        String given = text(name);
        if (given == null) {
            return fallback;
        }
        return switch (given.strip().toLowerCase(Locale.ROOT)) {
            case "true", "t", "yes", "y", "on", "1" -> true;
            case "false", "f", "no", "n", "off", "0" -> false;
            default -> {
                errors.add(FieldError.bool(at(name), given));
                yield fallback;
            }
        };
    }

    public int integer(String name, int fallback, int minimum) {
        Integer value = optionalInteger(name, minimum);
        return value == null ? fallback : value;
    }

    public @Nullable Integer optionalInteger(String name, int minimum) {
        String given = text(name);
        return given == null ? null : parseInteger(at(name), given, minimum);
    }

    public @Nullable Long optionalLong(String name) {
        String given = text(name);
        try {
            return given == null ? null : Long.valueOf(given.strip());
        } catch (NumberFormatException e) {
            errors.add(FieldError.integer(at(name), given));
            return null;
        }
    }

    public double number(String name, double fallback, double minimum) {
        String given = text(name);
        Double value = given == null ? null : parseNumber(at(name), given, minimum);
        return value == null ? fallback : value;
    }

    /** A number that {@code none} or {@code null} switches off. */
    public @Nullable Double threshold(String name, @Nullable Double fallback) {
        String given = text(name);
        if (given == null) {
            return fallback;
        }
        String plain = given.strip().toLowerCase(Locale.ROOT);
        if (plain.equals("none") || plain.equals("null")) {
            return null;
        }
        return parseNumber(at(name), given, Double.NEGATIVE_INFINITY);
    }

    public String choice(String name, String fallback, List<String> accepted) {
        String given = text(name);
        if (given == null) {
            return fallback;
        }
        if (!accepted.contains(given)) {
            errors.add(FieldError.literal(at(name), given, accepted));
            return fallback;
        }
        return given;
    }

    /**
     * Values of a repeated field: under its own name, with {@code []} behind it, and with {@code
     * [0]}, {@code [1]}, … as some form encoders write lists.
     */
    public List<String> repeated(String name) {
        List<String> all = new ArrayList<>(source.apply(name + "[]"));
        for (int i = 0; i < MOST_INDEXED; i++) {
            all.addAll(source.apply(name + "[" + i + "]"));
        }
        all.addAll(source.apply(name));
        return all;
    }

    /** Values of a repeated field, each one of {@code accepted}. */
    public List<String> choices(String name, List<String> accepted) {
        List<String> given = repeated(name);
        for (int i = 0; i < given.size(); i++) {
            if (!accepted.contains(given.get(i))) {
                errors.add(
                        FieldError.literal(
                                List.of("body", name + "[]", i), given.get(i), accepted));
            }
        }
        return given;
    }

    /** Numbers of a repeated field. */
    public List<Double> numbers(String name, double minimum) {
        return values(repeated(name), name, (loc, text) -> parseNumber(loc, text, minimum));
    }

    /**
     * Integers of a repeated field or of one that lists them, {@code 1,2,3} or {@code [1,2,3]};
     * null where it was not sent.
     */
    public @Nullable List<Integer> integers(String name, int minimum) {
        List<String> parts = listed(name);
        return parts == null
                ? null
                : values(parts, name, (loc, text) -> parseInteger(loc, text, minimum));
    }

    /** As {@link #integers}, of numbers. */
    public @Nullable List<Double> numberList(String name, double minimum) {
        List<String> parts = listed(name);
        return parts == null
                ? null
                : values(parts, name, (loc, text) -> parseNumber(loc, text, minimum));
    }

    /** Remembers one more. */
    public void reject(FieldError error) {
        errors.add(error);
    }

    /**
     * Throws what was remembered.
     *
     * @throws ApiError 422
     */
    public void check() {
        if (!errors.isEmpty()) {
            throw ApiError.validation(errors);
        }
    }

    private @Nullable List<String> listed(String name) {
        List<String> given = repeated(name);
        if (given.isEmpty()) {
            return null;
        }
        List<String> parts = new ArrayList<>();
        for (String value : given) {
            String plain = value.strip();
            if (plain.startsWith("[") && plain.endsWith("]")) {
                plain = plain.substring(1, plain.length() - 1);
            }
            for (String part : plain.split(",", -1)) {
                if (!part.isBlank()) {
                    parts.add(part.strip());
                }
            }
        }
        return parts;
    }

    private <T> List<T> values(
            List<String> texts, String name, BiFunction<List<Object>, String, @Nullable T> parse) {
        List<T> values = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            T value = parse.apply(List.of("body", name, i), texts.get(i));
            if (value != null) {
                values.add(value);
            }
        }
        return values;
    }

    private @Nullable Integer parseInteger(List<Object> loc, String text, int minimum) {
        try {
            int value = Integer.parseInt(text.strip());
            if (value >= minimum) {
                return value;
            }
            errors.add(FieldError.atLeast(loc, value, minimum));
        } catch (NumberFormatException e) {
            errors.add(FieldError.integer(loc, text));
        }
        return null;
    }

    private @Nullable Double parseNumber(List<Object> loc, String text, double minimum) {
        try {
            double value = Double.parseDouble(text.strip());
            if (!Double.isFinite(value)) {
                errors.add(FieldError.number(loc, text));
            } else if (value < minimum) {
                errors.add(FieldError.atLeast(loc, value, minimum));
            } else {
                return value;
            }
        } catch (NumberFormatException e) {
            errors.add(FieldError.number(loc, text));
        }
        return null;
    }

    private static List<Object> at(String name) {
        return List.of("body", name);
    }
}
