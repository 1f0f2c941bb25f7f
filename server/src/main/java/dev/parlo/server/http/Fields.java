package dev.parlo.server.http;

import io.javalin.http.Context;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/**
 * Reads typed values out of a request, be it a JSON object, a form or a query string, and collects
 * everything that is wrong, so that one answer can name it all. A field that is absent, null or (in
 * forms and queries) empty has its default. Not thread-safe.
 */
public final class Fields {
    private static final Pattern BROKEN_ESCAPE = Pattern.compile("%(?![0-9A-Fa-f]{2})");

    private final FieldSource source;
    private final JsonNode root;
    private final List<Object> where;
    private final ValueChecks checks;

    private Fields(FieldSource source, JsonNode root, List<Object> where, ValueChecks checks) {
        this.source = source;
        this.root = root;
        this.where = where;
        this.checks = checks;
    }

    /** The fields of a JSON object. */
    public static Fields of(JsonNode root) {
        return object(root, List.of("body"), new ValueChecks());
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
     * @param values of a field in the order given; an empty one counts as none
     * @param names of all fields that were sent
     */
    public static Fields form(Function<String, List<String>> values, Set<String> names) {
        return new Fields(
                FieldSource.texts(values, names),
                MissingNode.getInstance(),
                List.of("body"),
                new ValueChecks());
    }

    /**
     * The parameters of a query string.
     *
     * @throws ApiError 400 when it cannot be decoded
     */
    public static Fields query(Context ctx) {
        String sent = ctx.queryString();
        if (sent != null && BROKEN_ESCAPE.matcher(sent).find()) {
            // Javalin leaves such a parameter out, and another question would be answered
            throw ApiError.of(
                    400,
                    "The query string has a '%' without two hexadecimal digits behind it. Write"
                            + " '%25' for a percent sign.");
        }
        return new Fields(
                FieldSource.texts(ctx::queryParams, ctx.queryParamMap().keySet()),
                MissingNode.getInstance(),
                List.of("query"),
                new ValueChecks());
    }

    private static Fields object(JsonNode root, List<Object> where, ValueChecks checks) {
        return new Fields(FieldSource.object(root), root, where, checks);
    }

    /** The JSON object itself; missing for a form or a query. */
    public JsonNode root() {
        return root;
    }

    /** The fields of an object within; none where it is not given. */
    public Fields within(String name) {
        JsonNode node = root.path(name);
        if (!FieldSource.absent(node) && !node.isObject()) {
            problem("dict_type", name, "Input should be a valid dictionary", node);
        }
        return object(node, at(name), checks);
    }

    /** Whether a field, or one of {@code keys} within it as {@code name[key]}, was given. */
    public boolean objectGiven(String name, List<String> keys) {
        return given(name)
                || !source.keysWithin(name).isEmpty()
                || keys.stream().anyMatch(key -> given(name + "[" + key + "]"));
    }

    /**
     * The fields of an object within: JSON, in a form as text, where single fields may also be sent
     * as {@code name[key]}. Null where it was not given or is wrong.
     *
     * @param keys the names that are known
     * @param words that would be accepted instead; for the message
     * @param open whether other names are accepted, too
     */
    public @Nullable Fields object(
            String name, List<String> keys, List<String> words, boolean open) {
        JsonNode given = last(name);
        JsonNode node = given == null ? MissingNode.getInstance() : given;
        if (root.isMissingNode() && node.isString()) {
            node = FieldSource.parsed(node.asString());
        }
        if (given != null && !node.isObject()) {
            String word = words.isEmpty() ? "" : String.join(", ", words) + " or ";
            problem(
                    "dict_type",
                    name,
                    "Input should be "
                            + word
                            + "a JSON object of at most "
                            + FieldSource.MOST_JSON
                            + " characters with "
                            + String.join(", ", keys),
                    given);
            return null;
        }
        if (!open) {
            for (String key : node.propertyNames()) {
                rejectUnknown(name, key, node.get(key), keys);
            }
            for (String key : source.keysWithin(name)) {
                rejectUnknown(name, key, source.values(name + "[" + key + "]").getLast(), keys);
            }
        }
        return new Fields(source.within(name, node), node, at(name), checks);
    }

    private void rejectUnknown(String name, String key, JsonNode value, List<String> known) {
        if (!known.contains(key)) {
            checks.add(
                    FieldError.value(
                            at(name, key),
                            value,
                            "there is no such key; accepted are " + String.join(", ", known)));
        }
    }

    /** Whether the last value of a field is just this text. */
    public boolean says(String name, String word) {
        JsonNode node = last(name);
        return node != null && node.isString() && node.asString().equals(word);
    }

    public boolean given(String name) {
        return !source.values(name).isEmpty();
    }

    private @Nullable JsonNode last(String name) {
        List<JsonNode> values = source.values(name);
        return values.isEmpty() ? null : values.getLast();
    }

    /** The last value of a field; null where it was not given or is not text. */
    public @Nullable String text(String name) {
        JsonNode node = last(name);
        if (node != null && !node.isString()) {
            problem("string_type", name, "Input should be a valid string", node);
            return null;
        }
        return node == null ? null : node.asString();
    }

    /**
     * The last value of a field as a text, also where it is a number; null where it was not given.
     */
    public @Nullable String plain(String name) {
        JsonNode node = last(name);
        if (node != null && node.isContainer()) {
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
            rejectMissing(name);
            return "";
        }
        return text(name, "");
    }

    public boolean bool(String name, boolean fallback) {
        Boolean value = optionalBool(name);
        return value == null ? fallback : value;
    }

    /** Null where it was not given or is wrong. */
    public @Nullable Boolean optionalBool(String name) {
        JsonNode node = last(name);
        Boolean value = node == null ? null : LaxValues.bool(node);
        if (node != null && value == null) {
            checks.add(FieldError.bool(at(name), node));
        }
        return value;
    }

    public double number(String name, double fallback, double least, double most) {
        Double value = optionalNumber(name, least, most);
        return value == null ? fallback : value;
    }

    public double number(String name, double fallback, double least) {
        return number(name, fallback, least, Double.POSITIVE_INFINITY);
    }

    /** Null where it was not given or is wrong. */
    public @Nullable Double optionalNumber(String name, double least, double most) {
        JsonNode node = last(name);
        return node == null ? null : checks.number(at(name), node, least, most);
    }

    /**
     * A number, or empty where {@code none} or {@code null} switches it off; null where nothing was
     * given or it is wrong.
     */
    public @Nullable Optional<Double> threshold(String name) {
        JsonNode node = last(name);
        String plain = node == null ? "" : node.asString("").strip().toLowerCase(Locale.ROOT);
        if (plain.equals("none") || plain.equals("null")) {
            return Optional.empty();
        }
        Double value = optionalNumber(name, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
        return value == null ? null : Optional.of(value);
    }

    public OptionalInt integerBetween(String name, int least, int most) {
        Long value = optionalLong(name, least, most);
        return value == null ? OptionalInt.empty() : OptionalInt.of(value.intValue());
    }

    /** Null where it was not given or is wrong. */
    public @Nullable Long optionalLong(String name, long least, long most) {
        JsonNode node = last(name);
        return node == null ? null : checks.integer(at(name), node, least, most);
    }

    /** One of the accepted words; null where it was not given. */
    public @Nullable String choice(String name, List<String> accepted) {
        String given = text(name);
        if (given != null && !accepted.contains(given)) {
            checks.add(FieldError.literal(at(name), given, accepted));
            return null;
        }
        return given;
    }

    public String choice(String name, String fallback, List<String> accepted) {
        String given = choice(name, accepted);
        return given == null ? fallback : given;
    }

    /** The values of a field that may be given several times. */
    public RepeatedField repeated(String name) {
        return new RepeatedField(source, name, where, checks);
    }

    /** Remembers one more problem. */
    public void reject(FieldError error) {
        checks.add(error);
    }

    /** Notes that a field's value is not among the accepted ones. */
    public void reject(String name, List<String> accepted) {
        checks.add(FieldError.literal(at(name), last(name), accepted));
    }

    /** Notes that a field has to be given. */
    public void rejectMissing(String name) {
        JsonNode within = root.isObject() ? root : null;
        checks.add(new FieldError("missing", at(name), "Field required", within, null));
    }

    /** Notes what is wrong with a field's value. */
    public void reject(String name, String message) {
        checks.add(FieldError.value(at(name), last(name), message));
    }

    /**
     * Throws what was remembered.
     *
     * @throws ApiError 422 naming every problem
     */
    public void check() {
        checks.check();
    }

    private void problem(String type, String name, String message, JsonNode node) {
        checks.add(new FieldError(type, at(name), message, node, null));
    }

    private List<Object> at(Object... names) {
        List<Object> path = new ArrayList<>(where);
        path.addAll(List.of(names));
        return List.copyOf(path);
    }
}
