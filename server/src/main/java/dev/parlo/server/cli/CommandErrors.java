package dev.parlo.server.cli;

import dev.parlo.server.http.ApiError;
import dev.parlo.server.http.FieldError;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Says an error of the API in the words of the command line. */
final class CommandErrors {
    private CommandErrors() {}

    static String sentence(ApiError error) {
        return error.fields().isEmpty() ? error.message() : sentence(error.fields());
    }

    /** The errors of fields in a server's answer; null where it has none. */
    static @Nullable String sentence(JsonNode answer) {
        List<FieldError> errors = new ArrayList<>();
        for (JsonNode each : answer.path("detail")) {
            List<Object> loc = new ArrayList<>();
            for (JsonNode part : each.path("loc")) {
                loc.add(part.isInt() ? (Object) part.asInt() : part.asString(""));
            }
            if (loc.size() > 1 && each.path("msg").isString()) {
                errors.add(
                        new FieldError(
                                each.path("type").asString(""),
                                loc,
                                each.path("msg").asString(),
                                each.get("input"),
                                null));
            }
        }
        return errors.isEmpty() ? null : sentence(errors);
    }

    private static String sentence(List<FieldError> errors) {
        return errors.stream()
                .map(CommandErrors::field)
                .collect(Collectors.joining(System.lineSeparator() + "parlo: "));
    }

    private static String field(FieldError field) {
        Object given =
                field.input() instanceof JsonNode node && node.isString()
                        ? node.asString() // as it was typed, without JSON's quotes
                        : field.input();
        StringBuilder name =
                new StringBuilder("--").append(flag(String.valueOf(field.loc().get(1))));
        for (Object part : field.loc().subList(2, field.loc().size())) {
            if (part instanceof String key) { // of an object; a number is a place in a list
                name.append(' ').append(key);
            }
        }
        return String.format(Locale.ROOT, "%s (got %s)", field.plain(name.toString()), given);
    }

    private static String flag(String field) {
        String name = field.replace("[]", "").replace('_', '-');
        return switch (name) {
            case "response-format" -> "format";
            case "q" -> "query";
            default -> name;
        };
    }
}
