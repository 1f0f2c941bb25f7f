package dev.parlo.server.http;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Reads the fields of an object that came as JSON or as something like it, and collects everything
 * that is wrong with them. An explicit null counts as not given. Not thread-safe.
 */
public final class BodyFields {
    private final JsonNode root;
    private final List<Object> where;
    private final List<FieldError> problems;

    private BodyFields(JsonNode root, List<Object> where, List<FieldError> problems) {
        this.root = root;
        this.where = where;
        this.problems = problems;
    }

    /** The fields of an object. */
    public static BodyFields of(JsonNode root) {
        return new BodyFields(root, List.of("body"), new ArrayList<>());
    }

    /**
     * @throws ApiError 400 unless the bytes are one JSON object
     */
    public static BodyFields json(byte[] body) {
        JsonNode root;
        try {
            root = Json.mapper().readTree(body);
        } catch (JacksonException broken) {
            throw ApiError.of(400, "The body is not valid JSON.").withCause(broken);
        }
        if (!root.isObject()) {
            throw ApiError.of(400, "The body must be a JSON object.");
        }
        return of(root);
    }

    /** The object itself. */
    public JsonNode root() {
        return root;
    }

    /** The fields of an object within; none where it is not given. */
    public BodyFields within(String name) {
        JsonNode node = root.path(name);
        List<Object> deeper = at(name);
        if (!absent(node) && !node.isObject()) {
            problems.add(
                    new FieldError(
                            "dict_type", deeper, "Input should be a valid object", null, null));
        }
        return new BodyFields(node, deeper, problems);
    }

    public boolean given(String name) {
        return !absent(root.path(name));
    }

    public @Nullable String text(String name) {
        JsonNode node = root.path(name);
        if (absent(node)) {
            return null;
        }
        if (!node.isString()) {
            problems.add(
                    new FieldError(
                            "string_type",
                            at(name),
                            "Input should be a valid string",
                            shown(node),
                            null));
            return null;
        }
        return node.asString();
    }

    /** A text that has to be given; empty where it is not, which {@link #check} tells. */
    public String required(String name) {
        if (!given(name)) {
            problems.add(new FieldError("missing", at(name), "Field required", null, null));
        }
        String text = text(name);
        return text == null ? "" : text;
    }

    public double number(String name, double otherwise, double least, double most) {
        JsonNode node = root.path(name);
        if (absent(node)) {
            return otherwise;
        }
        if (!node.isNumber()) {
            problems.add(FieldError.number(at(name), shown(node)));
            return otherwise;
        }
        double value = node.asDouble();
        if (!(value >= least)) {
            problems.add(FieldError.atLeast(at(name), shown(node), least));
        } else if (!(value <= most)) {
            problems.add(FieldError.atMost(at(name), shown(node), most));
        } else {
            return value;
        }
        return otherwise;
    }

    public OptionalInt integer(String name, int least, int most) {
        JsonNode node = root.path(name);
        if (absent(node)) {
            return OptionalInt.empty();
        }
        if (!node.isIntegralNumber() || !node.canConvertToLong()) {
            problems.add(FieldError.integer(at(name), shown(node)));
        } else if (node.asLong() < least) {
            problems.add(FieldError.atLeast(at(name), node.asLong(), least));
        } else if (node.asLong() > most) {
            problems.add(FieldError.atMost(at(name), node.asLong(), most));
        } else {
            return OptionalInt.of((int) node.asLong());
        }
        return OptionalInt.empty();
    }

    /** Notes that a field's value is none of the accepted ones. */
    public void reject(String name, List<String> accepted) {
        problems.add(FieldError.literal(at(name), shown(root.path(name)), accepted));
    }

    /**
     * @throws ApiError 422 naming every problem
     */
    public void check() {
        if (!problems.isEmpty()) {
            throw ApiError.validation(problems);
        }
    }

    private List<Object> at(String name) {
        List<Object> path = new ArrayList<>(where);
        path.add(name);
        return List.copyOf(path);
    }

    private static boolean absent(JsonNode node) {
        return node.isMissingNode() || node.isNull();
    }

    /** Long values are not sent back whole. */
    private static String shown(JsonNode node) {
        String text = node.isString() ? node.asString() : node.toString();
        return text.length() > 100 ? text.substring(0, 100) + "…" : text;
    }
}
