package dev.parlo.server;

import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Paths as settings name them. Files of variables and service managers do not expand what a shell
 * would, so {@code ~}, {@code $NAME} and {@code ${NAME}} are expanded here, as {@code
 * huggingface_hub} does. Immutable.
 */
final class PathText {
    private static final Pattern VARIABLE =
            Pattern.compile("\\$(?:\\{([^{}]*)}|([A-Za-z_][A-Za-z0-9_]*))");

    private final Map<String, String> environment;

    /**
     * @param environment with names as they are: their case counts here
     */
    PathText(Map<String, String> environment) {
        this.environment = environment;
    }

    /**
     * The path that a text means.
     *
     * @throws IllegalArgumentException saying what is accepted: {@code ${NAME}} of a variable that
     *     is not set, or what no file system takes
     */
    Path expand(String text) {
        Matcher variables = VARIABLE.matcher(text);
        StringBuilder expanded = new StringBuilder();
        while (variables.find()) {
            boolean braces = variables.group(1) != null;
            String name = braces ? variables.group(1) : variables.group(2);
            @Nullable String value = value(name);
            if (value == null && braces) {
                throw new IllegalArgumentException(
                        "a path whose variables are set; " + name + " is not");
            }
            // A plain $name may be part of a folder's own name.
            variables.appendReplacement(
                    expanded, Matcher.quoteReplacement(value == null ? variables.group() : value));
        }
        variables.appendTail(expanded);
        String path = expanded.toString();
        return path.equals("~") || path.startsWith("~/")
                ? Path.of(home() + path.substring(1))
                : Path.of(path);
    }

    private @Nullable String value(String name) {
        @Nullable String value = environment.get(name);
        return value == null && name.equals("HOME") ? home() : value;
    }

    private static String home() {
        return System.getProperty("user.home", ".");
    }
}
