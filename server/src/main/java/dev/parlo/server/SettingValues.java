package dev.parlo.server;

import dev.parlo.server.http.LaxValues;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Typed look-ups of settings that collect what is wrong. One thread. */
final class SettingValues {
    private final Map<String, String> environment;
    private final Map<Setting, String> flags;
    private final PathText paths;
    private final List<String> problems = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    SettingValues(Map<String, String> environment, Map<Setting, String> flags, PathText paths) {
        this.environment = environment;
        this.flags = flags;
        this.paths = paths;
    }

    void check() {
        if (!problems.isEmpty()) {
            throw new SettingsException(problems);
        }
    }

    void problem(Setting setting, String given, String accepted) {
        String name =
                flags.containsKey(setting)
                        ? setting.flag() + " (" + setting.variable() + ")"
                        : setting.variable();
        problem(name, given, accepted);
    }

    /** Notes a sentence of the usual form that was made elsewhere. */
    void problem(String sentence) {
        problems.add(sentence);
    }

    private void problem(String name, String given, String accepted) {
        problem(String.format(Locale.ROOT, "%s: got %s, accepted: %s.", name, given, accepted));
    }

    /** What was given, even if empty; null for nothing. */
    @Nullable String given(Setting setting) {
        String flag = flags.get(setting);
        return flag != null ? flag : environment.get(setting.variable());
    }

    @Nullable String raw(String variable) {
        String value = environment.get(variable);
        return value == null || value.isBlank() ? null : value.strip();
    }

    @Nullable String text(Setting setting, @Nullable String other) {
        String value = given(setting);
        if (value != null && !value.isBlank()) {
            return value.strip();
        }
        return other == null ? null : raw(other);
    }

    long number(Setting setting, @Nullable String other, long fallback, long least, long most) {
        String value = text(setting, other);
        if (value == null) {
            return fallback;
        }
        try {
            long number = Long.parseLong(value.replace("_", ""));
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Reported below, together with what is out of range.
        }
        String accepted =
                most >= Long.MAX_VALUE / 2
                        ? "a whole number from " + least
                        : "a whole number from " + least + " to " + most;
        if (other != null && text(setting, null) == null) {
            problem(other, value, accepted);
        } else {
            problem(setting, value, accepted);
        }
        return fallback;
    }

    Duration seconds(Setting setting, long fallback, long least) {
        return Duration.ofSeconds(number(setting, null, fallback, least, Integer.MAX_VALUE));
    }

    boolean bool(Setting setting, boolean fallback) {
        return bool(setting, null, fallback);
    }

    boolean bool(Setting setting, @Nullable String other, boolean fallback) {
        String value = text(setting, other);
        if (value == null) {
            return fallback;
        }
        Boolean given = LaxValues.bool(value);
        if (given == null) {
            problem(setting, value, "true or false");
            return fallback;
        }
        return given;
    }

    String choice(Setting setting, List<String> accepted) {
        String value = text(setting, null);
        if (value == null) {
            return setting.defaultText();
        }
        String plain = value.toLowerCase(Locale.ROOT);
        if (!accepted.contains(plain)) {
            problem(setting, value, String.join(", ", accepted));
            return setting.defaultText();
        }
        return plain;
    }

    <E extends Enum<E>> E choice(Setting setting, Class<E> type) {
        List<String> accepted = new ArrayList<>();
        for (E constant : type.getEnumConstants()) {
            accepted.add(constant.name().toLowerCase(Locale.ROOT));
        }
        return Enum.valueOf(type, choice(setting, accepted).toUpperCase(Locale.ROOT));
    }

    List<String> list(Setting setting) {
        String value = text(setting, null);
        if (value == null) {
            return List.of();
        }
        Optional<List<String>> list = StringList.parse(value);
        if (list.isEmpty()) {
            problem(setting, value, "a JSON list of strings such as [\"a\", \"b\"]");
        }
        return list.orElse(List.of());
    }

    Optional<Path> path(Setting setting) {
        return Optional.ofNullable(text(setting, null))
                .flatMap(text -> path(setting.variable(), text));
    }

    Optional<Path> path(String variable) {
        return Optional.ofNullable(raw(variable)).flatMap(text -> path(variable, text));
    }

    private Optional<Path> path(String variable, String text) {
        try {
            return Optional.of(paths.expand(text));
        } catch (IllegalArgumentException unusable) {
            problem(variable, text, String.valueOf(unusable.getMessage()));
            return Optional.empty();
        }
    }

    Optional<String> fileText(Path file) {
        try {
            return Files.isReadable(file)
                    ? Optional.of(Files.readString(file).strip()).filter(t -> !t.isEmpty())
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Notes a value that is accepted and has not quite the effect that it names. */
    void warn(Setting setting, String sentence) {
        warnings.add(setting.variable() + ": " + sentence);
    }

    /** What {@link #warn} noted so far. */
    List<String> warnings() {
        return List.copyOf(warnings);
    }

    /** A sentence for every variable with this prefix that is none of ours. */
    List<String> unknown(String prefix) {
        List<String> known = new ArrayList<>();
        for (Setting setting : Setting.values()) {
            if (setting.variable().startsWith(prefix)) {
                known.add(setting.variable());
            }
        }
        List<String> warnings = new ArrayList<>();
        for (String name : environment.keySet()) {
            String upper = name.toUpperCase(Locale.ROOT);
            if (upper.startsWith(prefix) && !known.contains(upper)) {
                warnings.add(
                        String.format(
                                Locale.ROOT,
                                "%s is not known and has no effect; known are %s.",
                                name,
                                String.join(", ", known)));
            }
        }
        return warnings;
    }
}
