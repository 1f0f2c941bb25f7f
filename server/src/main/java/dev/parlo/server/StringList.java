package dev.parlo.server;

import dev.parlo.server.http.Json;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;

/** A JSON list of strings, as the environment carries lists. */
final class StringList {
    private static final TypeReference<List<String>> TYPE = new TypeReference<>() {};

    private StringList() {}

    static Optional<List<String>> parse(String text) {
        try {
            return Optional.ofNullable(Json.mapper().readValue(text, TYPE));
        } catch (JacksonException e) {
            return Optional.empty();
        }
    }
}
