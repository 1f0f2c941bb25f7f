package dev.parlo.server.http;

import io.javalin.http.Context;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.StringNode;

/**
 * Reads typed values out of a request, be it a JSON object, a form or a query string, and collects
 * everything that is wrong, so that one answer can name it all. A field that is absent, null or (in
 * forms and queries) empty has its default. Not thread-safe.
 */
public final class Fields {
    /** Form encoders that number the values of a list begin at 0. */
    private static final int MOST_INDEXED = 32;

    private final Source source;
    private final JsonNode root;
    private final List<Object> where;
    private final List<FieldError> problems;

    /** Where values come from. */
    private interface Source {
        /** The values of a field in the order given; none that is null or empty. */
        List<JsonNode> values(String name);
    }

    private Fields(Source source, JsonNode root, List<Object> where, List<FieldError> problems) {
        this.source = source;
        this.root = root;
        this.where = where;
        this.problems = problems;
    }

    /** The fields of a JSON object. */
    public static Fields of(JsonNode root) {
        return object(root, List.of("body"), new ArrayList<>());
    }

    /**
     * The fields of a JSON body.
     *
     * @throws ApiError 400 unless the bytes are one JSON object
     */
    public static Fields json(byte[] body) {
        JsonNode root;
        try {
            root = Json.mapper().readTree(body);
        } catch (JacksonException broken) {
            TokenStreamLocation at = broken.getLocation();
            String where =
                    at == null
                            ? ""
                            : " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")";
            throw ApiError.of(400, "The body is not valid JSON" + where + ".").withCause(broken);
        }
        if (!root.isObject()) {
            throw ApiError.of(400, "The body must be a JSON object.");
        }
        return of(root);
    }

    /**
     * The fields of a form.
     *
     * @param values of a field, none of them empty, in the order given
     */
    public static Fields form(Function<String, List<String>> values) {
        return new Fields(
                name -> nodes(values.apply(name)),
                MissingNode.getInstance(),
                List.of("body"),
                new ArrayList<>());
    }

    /** The parameters of a query string. */
    public static Fields query(Context ctx) {
        return new Fields(
                name -> nodes(ctx.queryParams(name)),
                MissingNode.getInstance(),
                List.of("query"),
                new ArrayList<>());
    }

    private static Fields object(JsonNode root, List<Object> where, List<FieldError> problems) {
        return new Fields(
                name -> {
                    JsonNode node = root.path(name);
                    return absent(node) ? List.of() : List.of(node);
                },
                root,
                where,
                problems);
    }

    private static List<JsonNode> nodes(List<String> texts) {
        List<JsonNode> nodes = new ArrayList<>(texts.size());
        for (String text : texts) {
            if (!text.isEmpty()) {
                nodes.add(StringNode.valueOf(text));
            }
        }
        return nodes;
    }

    private static boolean absent(JsonNode node) {
        return node.isMissingNode() || node.isNull();
    }

    /** The JSON object itself; missing for a form or a query. */
    public JsonNode root() {
        return root;
    }

    /** The fields of an object within; none where it is not given. */
    public Fields within(String name) {
        JsonNode node = root.path(name);
        if (!absent(node) && !node.isObject()) {
            problem("dict_type", name, "Input should be a valid dictionary", node);
        }
        return object(node, at(name), problems);
    }

    public boolean given(String name) {
        return !source.values(name).isEmpty();
    }

    private @Nullable JsonNode last(String name) {
        List<JsonNode> values = source.values(name);
        return values.isEmpty() ? null : values.getLast();
    }

    /** The last value of a field; null where it was not given or is no text. */
    public @Nullable String text(String name) {
        JsonNode node = last(name);
        if (node != null && !node.isString()) {
            problem("string_type", name, "Input should be a valid string", node);
            return null;
        }
        return node == null ? null : node.asString();
    }

    public String text(String name, String fallback) {
        String given = text(name);
        return given == null ? fallback : given;
    }

    /** A text that has to be given; empty where it is not, which {@link #check} tells. */
    public String required(String name) {
        if (!given(name)) {
            problems.add(
                    new FieldError(
                            "missing",
                            at(name),
                            "Field required",
                            root.isObject() ? root : null,
                            null));
            return "";
        }
        return text(name, "");
    }

    public boolean bool(String name, boolean fallback) {
        JsonNode node = last(name);
        if (node == null) {
            return fallback;
        }
        Boolean value = LaxValues.bool(node);
        if (value == null) {
            problems.add(FieldError.bool(at(name), node));
            return fallback;
        }
        return value;
    }

    public double number(String name, double fallback, double least, double most) {
        JsonNode node = last(name);
        Double value = node == null ? null : number(at(name), node, least, most);
        return value == null ? fallback : value;
    }

    public double number(String name, double fallback, double least) {
        return number(name, fallback, least, Double.POSITIVE_INFINITY);
    }

    /** A number that {@code none} or {@code null} switches off. */
    public @Nullable Double threshold(String name, @Nullable Double fallback) {
        JsonNode node = last(name);
        if (node == null) {
            return fallback;
        }
        String plain = node.asString("").strip().toLowerCase(Locale.ROOT);
        return plain.equals("none") || plain.equals("null")
                ? null
                : number(at(name), node, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
    }

    public OptionalInt integerBetween(String name, int least, int most) {
        JsonNode node = last(name);
        Long value = node == null ? null : integer(at(name), node, least, most);
        return value == null ? OptionalInt.empty() : OptionalInt.of((int) (long) value);
    }

    public int integer(String name, int fallback, int least) {
        return integerBetween(name, least, Integer.MAX_VALUE).orElse(fallback);
    }

    public @Nullable Integer optionalInteger(String name, int least) {
        OptionalInt value = integerBetween(name, least, Integer.MAX_VALUE);
        return value.isPresent() ? value.getAsInt() : null;
    }

    public @Nullable Long optionalLong(String name) {
        JsonNode node = last(name);
        return node == null ? null : integer(at(name), node, Long.MIN_VALUE, Long.MAX_VALUE);
    }

    /** One of the accepted words; null where it was not given. */
    public @Nullable String choice(String name, List<String> accepted) {
        String given = text(name);
        if (given != null && !accepted.contains(given)) {
            problems.add(FieldError.literal(at(name), given, accepted));
            return null;
        }
        return given;
    }

    public String choice(String name, String fallback, List<String> accepted) {
        String given = choice(name, accepted);
        return given == null ? fallback : given;
    }

    /**
     * Values of a repeated field: under its own name, with {@code []} behind it, and with {@code
     * [0]}, {@code [1]}, … as some form encoders write lists.
     */
    public List<String> repeated(String name) {
        List<JsonNode> all = new ArrayList<>(source.values(name + "[]"));
        for (int i = 0; i < MOST_INDEXED; i++) {
            all.addAll(source.values(name + "[" + i + "]"));
        }
        all.addAll(source.values(name));
        return all.stream().map(node -> node.asString("")).toList();
    }

    /** Values of a repeated field, each one of {@code accepted}. */
    public List<String> choices(String name, List<String> accepted) {
        List<String> given = repeated(name);
        for (int i = 0; i < given.size(); i++) {
            if (!accepted.contains(given.get(i))) {
                problems.add(FieldError.literal(at(name + "[]", i), given.get(i), accepted));
            }
        }
        return given;
    }

    /** Numbers of a repeated field. */
    public List<Double> numbers(String name, double least) {
        return numbers(name, repeated(name), least);
    }

    /**
     * Integers of a repeated field or of one that lists them, {@code 1,2,3} or {@code [1,2,3]};
     * null where it was not sent.
     */
    public @Nullable List<Integer> integers(String name, int least) {
        List<String> parts = listed(name);
        if (parts == null) {
            return null;
        }
        List<Integer> values = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            Long value =
                    integer(
                            at(name, i),
                            StringNode.valueOf(parts.get(i)),
                            least,
                            Integer.MAX_VALUE);
            if (value != null) {
                values.add((int) (long) value);
            }
        }
        return values;
    }

    /** As {@link #integers}, of numbers. */
    public @Nullable List<Double> numberList(String name, double least) {
        List<String> parts = listed(name);
        return parts == null ? null : numbers(name, parts, least);
    }

    private List<Double> numbers(String name, List<String> texts, double least) {
        List<Double> values = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            StringNode node = StringNode.valueOf(texts.get(i));
            Double value = number(at(name, i), node, least, Double.POSITIVE_INFINITY);
            if (value != null) {
                values.add(value);
            }
        }
        return values;
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

    private @Nullable Double number(List<Object> loc, JsonNode node, double least, double most) {
        Double value = LaxValues.number(node);
        if (value == null) {
            problems.add(FieldError.number(loc, node));
        } else if (value < least) {
            problems.add(FieldError.atLeast(loc, node, least));
        } else if (value > most) {
            problems.add(FieldError.atMost(loc, node, most));
        } else {
            return value;
        }
        return null;
    }

    private @Nullable Long integer(List<Object> loc, JsonNode node, long least, long most) {
        Long value = LaxValues.integer(node);
        if (value == null) {
            problems.add(FieldError.integer(loc, node));
        } else if (value < least) {
            problems.add(FieldError.atLeast(loc, node, least));
        } else if (value > most) {
            problems.add(FieldError.atMost(loc, node, most));
        } else {
            return value;
        }
        return null;
    }

    /** Remembers one more problem. */
    public void reject(FieldError error) {
        problems.add(error);
    }

    /** Notes that a field's value is none of the accepted ones. */
    public void reject(String name, List<String> accepted) {
        problems.add(FieldError.literal(at(name), last(name), accepted));
    }

    /** Notes what is wrong with a field's value. */
    public void reject(String name, String message) {
        problems.add(FieldError.value(at(name), last(name), message));
    }

    /**
     * Throws what was remembered.
     *
     * @throws ApiError 422 naming every problem
     */
    public void check() {
        if (!problems.isEmpty()) {
            throw ApiError.validation(problems);
        }
    }

    private void problem(String type, String name, String message, JsonNode node) {
        problems.add(new FieldError(type, at(name), message, node, null));
    }

    private List<Object> at(Object... names) {
        List<Object> path = new ArrayList<>(where);
        path.addAll(List.of(names));
        return List.copyOf(path);
    }
}
