package dev.parlo.server.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.StringNode;

/** Where the values of fields come from. */
interface FieldSource {
    /** Form encoders that number the values of a list begin at 0. */
    int MOST_INDEXED = 32;

    /** Characters of an object in a field of a form. */
    int MOST_JSON = 16_384;

    /** The values of a field in the order given; none that is null or empty. */
    List<JsonNode> values(String name);

    /** All names that have values, where these are not part of an object; else none. */
    default Set<String> names() {
        return Set.of();
    }

    /**
     * @param names of all fields
     */
    static FieldSource texts(Function<String, List<String>> values, Set<String> names) {
        return new FieldSource() {
            @Override
            public List<JsonNode> values(String name) {
                List<JsonNode> nodes = new ArrayList<>();
                for (String text : values.apply(name)) {
                    if (!text.isEmpty()) {
                        nodes.add(StringNode.valueOf(text));
                    }
                }
                return nodes;
            }

            @Override
            public Set<String> names() {
                return names;
            }
        };
    }

    /** What was sent as {@code name[key]}: the keys. */
    default List<String> keysWithin(String name) {
        return names().stream()
                .filter(sent -> sent.startsWith(name + "[") && sent.endsWith("]"))
                .filter(sent -> !values(sent).isEmpty())
                .map(sent -> sent.substring(name.length() + 1, sent.length() - 1))
                .toList();
    }

    static FieldSource object(JsonNode root) {
        return name -> {
            JsonNode node = root.path(name);
            return absent(node) ? List.of() : List.of(node);
        };
    }

    /** The fields within an object: those sent as {@code name[key]}, then the object's own. */
    default FieldSource within(String name, JsonNode object) {
        FieldSource own = object(object);
        return key -> {
            List<JsonNode> bracketed = values(name + "[" + key + "]");
            return bracketed.isEmpty() ? own.values(key) : bracketed;
        };
    }

    /**
     * Values of a repeated field: with {@code []} behind its name, with {@code [0]}, {@code [1]}, …
     * as some form encoders write lists, and under its name alone.
     */
    default List<JsonNode> repeated(String name) {
        List<JsonNode> all = new ArrayList<>(values(name + "[]"));
        for (int i = 0; i < MOST_INDEXED; i++) {
            all.addAll(values(name + "[" + i + "]"));
        }
        all.addAll(values(name));
        return all;
    }

    /** The parts of values that are lists, {@code 1,2,3} or {@code [1,2,3]}; null without any. */
    default @Nullable List<String> listed(String name) {
        List<JsonNode> given = repeated(name);
        if (given.isEmpty()) {
            return null;
        }
        List<String> parts = new ArrayList<>();
        for (JsonNode value : given) {
            String plain = value.asString("").strip();
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

    static boolean absent(JsonNode node) {
        return node.isMissingNode() || node.isNull();
    }

    /** A text as JSON; missing where it is not JSON, or longer than options are. */
    static JsonNode parsed(String text) {
        try {
            // As a tree it takes up to a hundred times its room, in every request that waits.
            return text.length() > MOST_JSON
                    ? MissingNode.getInstance()
                    : Json.mapper().readTree(text);
        } catch (JacksonException broken) {
            return MissingNode.getInstance();
        }
    }
}
