package dev.parlo.server.cli;

import dev.parlo.server.http.ApiError;
import dev.parlo.server.http.FieldError;
import java.util.Locale;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** Says an error of the API in the words of the command line. */
final class CommandErrors {
    private CommandErrors() {}

    static String sentence(ApiError error) {
        if (error.fields().isEmpty()) {
            return error.message();
        }
        return error.fields().stream()
                .map(CommandErrors::field)
                .collect(Collectors.joining(System.lineSeparator() + "parlo: "));
    }

    private static String field(FieldError field) {
        String name = String.valueOf(field.loc().get(1)).replace("[]", "").replace('_', '-');
        String flag = name.equals("response-format") ? "format" : name;
        Object given =
                field.input() instanceof JsonNode node && node.isString()
                        ? node.asString() // as it was typed, without JSON's quotes
                        : field.input();
        StringBuilder within = new StringBuilder();
        for (Object part : field.loc().subList(2, field.loc().size())) {
            if (part instanceof String key) { // of an object; a number is a place in a list
                within.append(' ').append(key);
            }
        }
        return String.format(Locale.ROOT, "--%s%s: %s (got %s)", flag, within, field.msg(), given);
    }
}
