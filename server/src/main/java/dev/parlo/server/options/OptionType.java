package dev.parlo.server.options;

import dev.parlo.server.http.Fields;
import dev.parlo.server.http.RepeatedField;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the value of an {@link Option} looks like and which values are accepted. Immutable.
 *
 * @param <V> the value as it is set
 */
public sealed interface OptionType<V>
        permits OptionType.Flag,
                OptionType.Text,
                OptionType.Choice,
                OptionType.Constant,
                OptionType.Parsed,
                OptionType.Special,
                OptionType.Whole,
                OptionType.Whole64,
                OptionType.Decimal,
                OptionType.Threshold,
                OptionType.Wholes,
                OptionType.Decimals,
                OptionType.Texts,
                OptionType.RepeatedDecimals,
                OptionType.Upload,
                Structure {
    /** The value of a field that was given; null where it is wrong, which the fields remember. */
    @Nullable V read(Fields fields, String name);

    default boolean given(Fields fields, String name) {
        return fields.given(name);
    }

    /** Whether the field may be sent several times, once for each value. */
    default boolean repeated() {
        return false;
    }

    /** A value as it is written in a form. */
    default String written(V value) {
        return value instanceof Double number ? plain(number) : String.valueOf(value);
    }

    /** What stands for a value in the command line's help. */
    String label();

    /** True or false. */
    record Flag() implements OptionType<Boolean> {
        @Override
        public @Nullable Boolean read(Fields fields, String name) {
            return fields.optionalBool(name);
        }

        @Override
        public String label() {
            return "true|false";
        }
    }

    record Text() implements OptionType<String> {
        @Override
        public @Nullable String read(Fields fields, String name) {
            return fields.text(name);
        }

        @Override
        public String label() {
            return "TEXT";
        }
    }

    /** One of some words. */
    record Choice(List<String> accepted) implements OptionType<String> {
        public Choice {
            accepted = List.copyOf(accepted);
        }

        @Override
        public @Nullable String read(Fields fields, String name) {
            return fields.choice(name, accepted);
        }

        @Override
        public String label() {
            return String.join("|", accepted);
        }
    }

    /** A constant of an enumeration, by its name in small letters. */
    record Constant<E extends Enum<E>>(Class<E> type) implements OptionType<E> {
        @Override
        public @Nullable E read(Fields fields, String name) {
            String given = fields.choice(name, accepted());
            return given == null ? null : Enum.valueOf(type, given.toUpperCase(Locale.ROOT));
        }

        @Override
        public String written(E value) {
            return word(value);
        }

        @Override
        public String label() {
            return String.join("|", accepted());
        }

        /** The words that requests may say, in the order of the constants. */
        public List<String> accepted() {
            return Arrays.stream(type.getEnumConstants()).map(Constant::word).toList();
        }

        /** What a request says for a constant. */
        public static String word(Enum<?> constant) {
            return constant.name().toLowerCase(Locale.ROOT);
        }
    }

    /** A text that is read by a function, which throws IllegalArgumentException at a wrong one. */
    record Parsed<V>(Function<String, V> parser, String label) implements OptionType<V> {
        @Override
        public @Nullable V read(Fields fields, String name) {
            String given = fields.plain(name);
            try {
                return given == null ? null : parser.apply(given);
            } catch (IllegalArgumentException wrong) {
                fields.reject(name, String.valueOf(wrong.getMessage()));
                return null;
            }
        }
    }

    /**
     * Whatever a reader accepts.
     *
     * @param schema what it accepts, as JSON Schema
     */
    record Special<V>(Reader<V> reader, String label, String schema) implements OptionType<V> {
        @Override
        public @Nullable V read(Fields fields, String name) {
            return reader.read(fields, name);
        }
    }

    /** Reads a field that was given; returns null for a wrong value, which the fields remember. */
    @FunctionalInterface
    interface Reader<V> {
        @Nullable V read(Fields fields, String name);
    }

    /** A whole number; the ends are accepted. */
    record Whole(int least, int most) implements OptionType<Integer> {
        @Override
        public @Nullable Integer read(Fields fields, String name) {
            Long value = fields.optionalLong(name, least, most);
            return value == null ? null : value.intValue();
        }

        @Override
        public String label() {
            return "N";
        }
    }

    /** A whole number of 64 bits. */
    record Whole64() implements OptionType<Long> {
        @Override
        public @Nullable Long read(Fields fields, String name) {
            return fields.optionalLong(name, Long.MIN_VALUE, Long.MAX_VALUE);
        }

        @Override
        public String label() {
            return "N";
        }
    }

    /** A finite number; the ends, which may be infinite, are accepted. */
    record Decimal(double least, double most) implements OptionType<Double> {
        @Override
        public @Nullable Double read(Fields fields, String name) {
            return fields.optionalNumber(name, least, most);
        }

        @Override
        public String label() {
            return "NUMBER";
        }
    }

    /** A number, or {@code none}, which switches off what it limits. */
    record Threshold() implements OptionType<Optional<Double>> {
        @Override
        public @Nullable Optional<Double> read(Fields fields, String name) {
            return fields.threshold(name);
        }

        @Override
        public String written(Optional<Double> value) {
            return value.map(OptionType::plain).orElse("none");
        }

        @Override
        public String label() {
            return "NUMBER|none";
        }
    }

    /** Whole numbers in one field: {@code 1,2,3} or {@code [1,2,3]}. */
    record Wholes(int least) implements OptionType<List<Integer>> {
        @Override
        public boolean given(Fields fields, String name) {
            return fields.repeated(name).given();
        }

        @Override
        public @Nullable List<Integer> read(Fields fields, String name) {
            return fields.repeated(name).integers(least);
        }

        @Override
        public String written(List<Integer> value) {
            return value.stream().map(String::valueOf).collect(Collectors.joining(","));
        }

        @Override
        public String label() {
            return "N,…";
        }
    }

    /** Numbers in one field: {@code 0,1.5} or {@code [0,1.5]}. */
    record Decimals(double least) implements OptionType<List<Double>> {
        @Override
        public boolean given(Fields fields, String name) {
            return fields.repeated(name).given();
        }

        @Override
        public @Nullable List<Double> read(Fields fields, String name) {
            return fields.repeated(name).numbers(least);
        }

        @Override
        public String written(List<Double> value) {
            return value.stream().map(OptionType::plain).collect(Collectors.joining(","));
        }

        @Override
        public String label() {
            return "NUMBER,…";
        }
    }

    /**
     * Texts, each in a field of its own.
     *
     * @param accepted empty for any
     */
    record Texts(List<String> accepted) implements OptionType<List<String>> {
        public Texts {
            accepted = List.copyOf(accepted);
        }

        @Override
        public boolean given(Fields fields, String name) {
            return fields.repeated(name).given();
        }

        @Override
        public List<String> read(Fields fields, String name) {
            RepeatedField field = fields.repeated(name);
            return accepted.isEmpty() ? field.texts() : field.choices(accepted);
        }

        @Override
        public boolean repeated() {
            return true;
        }

        @Override
        public String written(List<String> value) {
            return String.join(", ", value);
        }

        @Override
        public String label() {
            return accepted.isEmpty() ? "TEXT" : String.join("|", accepted);
        }
    }

    /** A number, or several: each in a field of its own, or {@code 0,0.4} or {@code [0,0.4]}. */
    record RepeatedDecimals(double least) implements OptionType<List<Double>> {
        @Override
        public boolean given(Fields fields, String name) {
            return fields.repeated(name).given();
        }

        @Override
        public @Nullable List<Double> read(Fields fields, String name) {
            return fields.repeated(name).numbers(least);
        }

        @Override
        public String label() {
            return "NUMBER";
        }
    }

    /** A file; it is read by who asks for it. */
    record Upload() implements OptionType<String> {
        @Override
        public @Nullable String read(Fields fields, String name) {
            return null;
        }

        @Override
        public String label() {
            return "FILE";
        }
    }

    static Flag flag() {
        return new Flag();
    }

    static Text text() {
        return new Text();
    }

    static Choice choice(List<String> accepted) {
        return new Choice(accepted);
    }

    static <E extends Enum<E>> Constant<E> choice(Class<E> type) {
        return new Constant<>(type);
    }

    static <V> Parsed<V> parsed(Function<String, V> parser, String label) {
        return new Parsed<>(parser, label);
    }

    static Whole whole(int least) {
        return new Whole(least, Integer.MAX_VALUE);
    }

    static Whole whole(int least, int most) {
        return new Whole(least, most);
    }

    static Decimal number() {
        return new Decimal(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
    }

    static Decimal number(double least) {
        return new Decimal(least, Double.POSITIVE_INFINITY);
    }

    static Decimal number(double least, double most) {
        return new Decimal(least, most);
    }

    static Texts texts(String... accepted) {
        return new Texts(List.of(accepted));
    }

    static <O> Structure<O> object(Supplier<O> start, List<Option<O, ?>> options) {
        return new Structure<>(options, start, List.of(), (draft, word) -> {});
    }

    /** An object that may hold other keys, too. */
    static <O> Structure<O> openObject(Supplier<O> start, List<Option<O, ?>> options) {
        return new Structure<>(options, start, List.of(), (draft, word) -> {}, true);
    }

    /** Without a fraction where there is none. */
    private static String plain(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1L << 53
                ? String.valueOf((long) value)
                : String.valueOf(value);
    }
}
