package dev.parlo.server;

import dev.parlo.server.http.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** A JSON list of strings, as the environment carries lists. */
final class StringList {
    private StringList() {}

    static Optional<List<String>> parse(String text) {
        try {
            // By hand: the mapper would take numbers and truth values for texts.
            JsonNode root = Json.mapper().readTree(text);
            List<String> texts = new ArrayList<>();
            for (JsonNode item : root) {
                if (!item.isString() || item.asString().isBlank()) {
                    return Optional.empty();
                }
                texts.add(item.asString());
            }
            return root.isArray() ? Optional.of(List.copyOf(texts)) : Optional.empty();
        } catch (JacksonException e) {
            return Optional.empty();
        }
    }
}
