package dev.parlo.registry;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a repository's config.json says of its format.
 *
 * @param readable false where there is none or it is not a JSON object: then nothing is known
 * @param keys the names at its top level
 * @param modelType {@code model_type} in lower case, "" without
 */
record RepositoryConfig(boolean readable, Set<String> keys, String modelType) {
    /** A repository whose config.json is absent or was not read. */
    static final RepositoryConfig UNKNOWN = new RepositoryConfig(false, Set.of(), "");

    /** Longer ones are not read: those of speech models have a few kB, of large voices 100 kB. */
    static final int LONGEST = 4 << 20;

    private static final JsonMapper JSON = new JsonMapper();

    public RepositoryConfig {
        keys = Set.copyOf(keys);
    }

    /** Reads config.json; {@link #UNKNOWN} where it cannot be read. */
    static RepositoryConfig of(byte[] json) {
        if (json.length == 0 || json.length > LONGEST) {
            return UNKNOWN;
        }
        try {
            JsonNode root = JSON.readTree(json);
            return root.isObject()
                    ? new RepositoryConfig(
                            true,
                            Set.copyOf(root.propertyNames()),
                            root.path("model_type").asString("").toLowerCase(Locale.ROOT))
                    : UNKNOWN;
        } catch (JacksonException notJson) {
            return UNKNOWN;
        }
    }

    boolean hasAny(String... names) {
        return List.of(names).stream().anyMatch(keys::contains);
    }
}
