package dev.parlo.server.http;

import io.javalin.http.Context;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/**
 * JSON as every route reads and writes it: snake case, keys in the order they are declared, nulls
 * written out, no blanks.
 */
public final class Json {
    private static final JsonMapper MAPPER =
            JsonMapper.builder()
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

    /** Answers with {@code application/json} and no charset, which some clients compare. */
    public static void respond(Context ctx, Object value) {
        ctx.contentType("application/json").result(MAPPER.writeValueAsBytes(value));
    }
}
