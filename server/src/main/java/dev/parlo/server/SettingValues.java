package dev.parlo.server;

import dev.parlo.server.http.LaxValues;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
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
    /** Of a file that holds one value. */
    private static final int LONGEST_TEXT = 64 << 10;

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
            throw new SettingsException(problems.stream().distinct().toList());
        }
    }

    void problem(Setting setting, String given, String accepted) {
        problem(name(setting), given, accepted);
    }

    private String name(Setting setting) {
        return flags.containsKey(setting)
                ? setting.flag() + " (" + setting.variable() + ")"
                : setting.variable();
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

    /** A value that was given and the name that it was given under. */
    private record Given(String name, String value) {}

    private @Nullable Given find(Setting setting) {
        String value = given(setting);
        if (value != null && !value.isBlank()) {
            return new Given(name(setting), value.strip());
        }
        for (String alias : setting.aliases()) {
            String other = raw(alias);
            if (other != null) {
                return new Given(alias, other);
            }
        }
        return null;
    }

    @Nullable String text(Setting setting) {
        Given given = find(setting);
        return given == null ? null : given.value();
    }

    long number(Setting setting) {
        if (!(setting.type() instanceof SettingType.Whole range)) {
            throw new IllegalArgumentException(setting + " is described as " + setting.type());
        }
        long fallback = Long.parseLong(setting.defaultText());
        Given given = find(setting);
        if (given == null) {
            return fallback;
        }
        Long number = LaxValues.digits(given.value().replace("_", ""));
        if (number != null && number >= range.least() && number <= range.most()) {
            return number;
        }
        problem(given.name(), given.value(), range.accepted());
        return fallback;
    }

    int integer(Setting setting) {
        return Math.toIntExact(number(setting));
    }

    Duration seconds(Setting setting) {
        return Duration.ofSeconds(number(setting));
    }

    boolean bool(Setting setting) {
        boolean fallback = Boolean.parseBoolean(setting.defaultText());
        Given given = find(setting);
        if (given == null) {
            return fallback;
        }
        Boolean value = LaxValues.bool(given.value());
        if (value == null) {
            problem(given.name(), given.value(), setting.type().accepted());
            return fallback;
        }
        return value;
    }

    /** As {@link #bool}, for a value that is reported elsewhere where it cannot be used. */
    boolean isOn(Setting setting) {
        Given given = find(setting);
        Boolean value = given == null ? null : LaxValues.bool(given.value());
        return value == null ? Boolean.parseBoolean(setting.defaultText()) : value;
    }

    String choice(Setting setting) {
        if (!(setting.type() instanceof SettingType.Choice choice)) {
            throw new IllegalArgumentException(setting + " is described as " + setting.type());
        }
        Given given = find(setting);
        if (given == null) {
            return setting.defaultText();
        }
        String plain = given.value().toLowerCase(Locale.ROOT);
        if (!choice.words().contains(plain)) {
            problem(given.name(), given.value(), choice.accepted());
            return setting.defaultText();
        }
        return plain;
    }

    <E extends Enum<E>> E choice(Setting setting, Class<E> type) {
        return Enum.valueOf(type, choice(setting).toUpperCase(Locale.ROOT));
    }

    List<String> list(Setting setting) {
        Given given = find(setting);
        if (given == null) {
            return List.of();
        }
        Optional<List<String>> list = StringList.parse(given.value());
        if (list.isEmpty()) {
            problem(given.name(), given.value(), setting.type().accepted());
        }
        return list.orElse(List.of());
    }

    Optional<Path> path(Setting setting) {
        Given given = find(setting);
        if (given == null) {
            return Optional.empty();
        }
        Optional<Path> path = path(given.name(), given.value());
        boolean wrong =
                path.filter(Files::exists)
                        .map(found ->
                                switch (setting.type()) {
                                    case SettingType.FileLocation file ->
                                            !Files.isRegularFile(found);
                                    case SettingType.FolderLocation folder ->
                                            !Files.isDirectory(found);
                                    default -> false;
                                })
                        .orElse(false);
        if (wrong) {
            problem(given.name(), given.value(), setting.type().accepted());
        }
        return path;
    }

    /** Several paths of one setting; empty ones are left out. */
    List<Path> paths(Setting setting, String... texts) {
        List<Path> paths = new ArrayList<>();
        for (String text : texts) {
            if (!text.isBlank()) {
                path(setting.variable(), text.strip()).ifPresent(paths::add);
            }
        }
        return paths;
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

    /** The text of a short file; empty where there is none that can be read. */
    Optional<String> fileText(Path file) {
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try (InputStream in = Files.newInputStream(file)) {
            String text = new String(in.readNBytes(LONGEST_TEXT), StandardCharsets.UTF_8);
            return Optional.of(text.strip()).filter(t -> !t.isEmpty());
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

    /** A web address without user, query and fragment; no slash at its end. */
    Optional<URI> webAddress(Setting setting) {
        String text = text(setting);
        if (text == null) {
            return Optional.empty();
        }
        try {
            URI uri = URI.create(text.replaceAll("/+$", ""));
            String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
            boolean web = scheme.equals("http") || scheme.equals("https");
            boolean bare =
                    uri.getRawUserInfo() == null
                            && uri.getRawQuery() == null
                            && uri.getRawFragment() == null;
            if (uri.getHost() != null && web && bare) {
                return Optional.of(uri);
            }
        } catch (IllegalArgumentException e) {
            // Reported below, together with what parses but is not a web address.
        }
        problem(
                setting,
                text.replaceAll("//[^/@]*@", "//…@"), // maybe a password
                "an http or https address of host, port and path");
        return Optional.empty();
    }

    /** What can be a header; anything else is a problem that does not show it. */
    Optional<String> printable(Setting setting, Optional<String> text, String accepted) {
        if (text.isPresent() && text.get().chars().anyMatch(c -> c <= ' ' || c >= 127)) {
            problem(setting, "a text that cannot be sent in a header (not shown)", accepted);
            return Optional.empty();
        }
        return text;
    }
}
