package dev.parlo.server.http;

import io.javalin.http.Context;
import java.util.Map;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/**
 * JSON as every route reads and writes it: snake case, keys in the order they are declared, nulls
 * written out, no blanks.
 */
public final class Json {
    /** A tree takes up to a hundred bytes a token, however few of them the token had as text. */
    private static final long MOST_TOKENS = 200_000;

    private static final long NODE_BYTES = 100;

    private static final JsonMapper MAPPER =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .streamReadConstraints(
                                            StreamReadConstraints.builder()
                                                    .maxTokenCount(MOST_TOKENS)
                                                    .build())
                                    .build())
                    .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                    .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
                    .build();

    private Json() {}

    public static JsonMapper mapper() {
        return MAPPER;
    }

    public static String text(Object value) {
        return MAPPER.writeValueAsString(value);
    }

    /**
     * The memory that the nodes of a tree take beside its text, at most, told before it is read:
     * some two bytes of JSON are a value of up to a hundred.
     */
    public static long nodeBytes(String json) {
        long values = 1;
        for (int i = 0; i < json.length() && values < MOST_TOKENS; i++) {
            values += begins(json.charAt(i));
        }
        return NODE_BYTES * values;
    }

    /** As {@link #nodeBytes(String)}, of JSON in UTF-8. */
    public static long nodeBytes(byte[] json) {
        long values = 1;
        for (int i = 0; i < json.length && values < MOST_TOKENS; i++) {
            values += begins(json[i]);
        }
        return NODE_BYTES * values;
    }

    /** Whether a value, or a pair, may begin here; signs within texts count too, which is rare. */
    private static int begins(int sign) {
        return sign == '{' || sign == '[' || sign == ',' || sign == ':' ? 1 : 0;
    }

    /** The memory that a message in JSON takes, at most, once it is a tree. */
    public static long bytes(String json) {
        return MemoryBudget.bytes(json) + nodeBytes(json);
    }

    /** The memory that a tree takes, at most: of one with short values many times its text. */
    public static long bytes(JsonNode tree) {
        long bytes = NODE_BYTES + (tree.isString() ? 2L * tree.asString().length() : 0);
        for (Map.Entry<String, JsonNode> entry : tree.properties()) {
            bytes += 2L * entry.getKey().length() + bytes(entry.getValue());
        }
        if (tree.isArray()) {
            for (JsonNode element : tree) {
                bytes += bytes(element);
            }
        }
        return bytes;
    }

    /** Answers with {@code application/json} and no charset, which some clients compare. */
    public static void respond(Context ctx, Object value) {
        ctx.contentType("application/json").result(MAPPER.writeValueAsBytes(value));
    }
}
