package dev.parlo.registry;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How the Hub is reached and where its cache lies. The variables mean what they mean in {@code
 * huggingface_hub}.
 *
 * @param endpoint {@code HF_ENDPOINT}, scheme, host and port with an optional path
 * @param token {@code HF_TOKEN} or the file beside the cache; never printed
 * @param cache {@code HF_HUB_CACHE} or where {@code HF_HOME} puts it
 * @param offline {@code HF_HUB_OFFLINE}: the Hub is never asked
 * @param metadataTimeout {@code HF_HUB_ETAG_TIMEOUT}
 * @param downloadTimeout {@code HF_HUB_DOWNLOAD_TIMEOUT}: longest silence while bytes are awaited
 * @param ranges {@code HF_HUB_ENABLE_HF_TRANSFER}: several ranges of one large file at once
 */
public record HubSettings(
        URI endpoint,
        Optional<String> token,
        Path cache,
        boolean offline,
        Duration metadataTimeout,
        Duration downloadTimeout,
        boolean ranges) {
    private static final String PUBLIC_HUB = "https://huggingface.co";
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final long LONGEST_TOKEN_FILE = 4096;

    public HubSettings {
        String scheme = endpoint.getScheme() == null ? "" : endpoint.getScheme();
        if (!List.of("http", "https").contains(scheme) || endpoint.getHost() == null) {
            throw new IllegalArgumentException(
                    "HF_ENDPOINT must be an http or https address, for example " + PUBLIC_HUB);
        }
        if (endpoint.getRawUserInfo() != null
                || endpoint.getRawQuery() != null
                || endpoint.getRawFragment() != null) {
            throw new IllegalArgumentException(
                    "HF_ENDPOINT must be scheme, host, port and path only");
        }
        token.ifPresent(HubSettings::checkToken);
        if (metadataTimeout.isNegative() || downloadTimeout.isNegative()) {
            throw new IllegalArgumentException("Hub timeouts must not be negative");
        }
    }

    /**
     * Reads the environment.
     *
     * @throws IllegalArgumentException naming the variable that cannot be used
     */
    public static HubSettings fromEnvironment(Map<String, String> environment) {
        Environment variables = new Environment(environment);
        Path home = variables.home();
        return new HubSettings(
                endpoint(variables),
                token(variables, home),
                cache(variables, home),
                variables.flag("HF_HUB_OFFLINE", variables.flag("TRANSFORMERS_OFFLINE", false)),
                variables.seconds("HF_HUB_ETAG_TIMEOUT", TIMEOUT),
                variables.seconds("HF_HUB_DOWNLOAD_TIMEOUT", TIMEOUT),
                variables.flag("HF_HUB_ENABLE_HF_TRANSFER", true));
    }

    /** The same without its token. */
    @Override
    public String toString() {
        return "HubSettings[endpoint="
                + endpoint
                + ", token="
                + (token.isPresent() ? "set" : "none")
                + ", cache="
                + cache
                + ", offline="
                + offline
                + ", ranges="
                + ranges
                + "]";
    }

    private static URI endpoint(Environment variables) {
        String text = variables.first("HF_ENDPOINT").orElse(PUBLIC_HUB);
        try {
            return new URI(text.replaceAll("/+$", ""));
        } catch (URISyntaxException malformed) {
            throw new IllegalArgumentException("HF_ENDPOINT is not an address", malformed);
        }
    }

    private static Optional<String> token(Environment variables, Path home) {
        if (variables.flag("HF_HUB_DISABLE_IMPLICIT_TOKEN", false)) {
            return Optional.empty();
        }
        Optional<String> given = variables.first("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN");
        if (given.isPresent()) {
            return given;
        }
        Path file =
                variables.first("HF_TOKEN_PATH").map(variables::path).orElse(home.resolve("token"));
        try {
            if (!Files.isRegularFile(file) || Files.size(file) > LONGEST_TOKEN_FILE) {
                return Optional.empty();
            }
            return Optional.of(Files.readString(file).strip()).filter(text -> !text.isEmpty());
        } catch (IOException unreadable) {
            throw new IllegalArgumentException(
                    "The Hub token in " + file + " (HF_TOKEN_PATH) cannot be read", unreadable);
        }
    }

    private static Path cache(Environment variables, Path home) {
        return variables
                .first("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE")
                .map(variables::path)
                .orElse(home.resolve("hub"));
    }

    private static void checkToken(String token) {
        if (token.isEmpty() || token.chars().anyMatch(c -> c <= ' ' || c >= 127)) {
            throw new IllegalArgumentException("HF_TOKEN must be printable ASCII without spaces");
        }
    }

    private record Environment(Map<String, String> values) {
        Optional<String> first(String... names) {
            for (String name : names) {
                @Nullable String value = values.get(name);
                if (value != null && !value.isBlank()) {
                    return Optional.of(value.strip());
                }
            }
            return Optional.empty();
        }

        Path home() {
            return first("HF_HOME")
                    .map(this::path)
                    .orElseGet(() ->
                            first("XDG_CACHE_HOME")
                                    .map(this::path)
                                    .orElse(userHome().resolve(".cache"))
                                    .resolve("huggingface"));
        }

        Path path(String text) {
            return text.equals("~") || text.startsWith("~/")
                    ? userHome().resolve(text.substring(Math.min(2, text.length())))
                    : Path.of(text);
        }

        private Path userHome() {
            return Path.of(first("HOME").orElse(System.getProperty("user.home", ".")));
        }

        boolean flag(String name, boolean otherwise) {
            return first(name)
                    .map(text ->
                            List.of("1", "on", "yes", "true")
                                    .contains(text.toLowerCase(Locale.ROOT)))
                    .orElse(otherwise);
        }

        Duration seconds(String name, Duration otherwise) {
            Optional<String> text = first(name);
            if (text.isEmpty()) {
                return otherwise;
            }
            try {
                double seconds = Double.parseDouble(text.get());
                if (seconds > 0 && seconds <= 86_400) {
                    return Duration.ofMillis(Math.max(1, Math.round(seconds * 1000)));
                }
            } catch (NumberFormatException notNumber) {
                throw new IllegalArgumentException(
                        name + " must be seconds, for example 10", notNumber);
            }
            throw new IllegalArgumentException(name + " must be between 0 and 86400 seconds");
        }
    }
}
