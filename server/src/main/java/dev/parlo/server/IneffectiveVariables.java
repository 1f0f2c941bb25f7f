package dev.parlo.server;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Finds variables that were given and do nothing, so that somebody who mistypes one, or forgets the
 * one that it depends on, is told.
 */
final class IneffectiveVariables {
    /** Prefixes of names that are meant for this program. */
    private static final List<String> PREFIXES = List.of("WHISPER__", "KOKORO__", "PARLO_");

    /** What the launcher and {@code docker/compose.yaml} read. */
    private static final Set<String> READ_ELSEWHERE =
            Set.of("PARLO_JAVA_HOME", "PARLO_JAVA_OPTS", "PARLO_AOT", "PARLO_ADDRESS");

    /** Kubernetes and Docker's links describe every service, and one is called parlo. */
    private static final Pattern SERVICE =
            Pattern.compile(".*_SERVICE_(?:HOST|PORT)(?:_.*)?|.*_PORT_\\d+_(?:TCP|UDP)(?:_.*)?");

    /** The value of {@code PARLO_PORT} then. */
    private static final Pattern SERVICE_ADDRESS = Pattern.compile("(?:tcp|udp)://.*");

    /** Those of Speaches that have nothing to set here. */
    private static final Set<String> OF_SPEACHES =
            Set.of("ENABLE_UI", "LOOPBACK_HOST_URL", "SPEACHES_LOG_LEVEL");

    private final SettingValues values;
    private final Map<String, String> environment;
    private final List<String> warnings = new ArrayList<>();

    /**
     * @param environment in which the same names in several cases may stand
     */
    IneffectiveVariables(SettingValues values, Map<String, String> environment) {
        this.values = values;
        this.environment = new TreeMap<>(environment); // for warnings in a fixed order
    }

    /** A sentence for each. */
    List<String> warnings() {
        environment.forEach(this::unknown);
        boolean fetching = values.isOn(Setting.FILE_URLS);
        needs(Setting.FILE_URL_HOSTS, fetching, "FILE_URLS=true");
        needs(Setting.FILE_URL_PRIVATE_HOSTS, fetching, "FILE_URLS=true");
        needs(Setting.FILE_URL_TIMEOUT, fetching, "FILE_URLS=true");
        boolean wyoming = values.text(Setting.WYOMING_PORT) != null;
        needs(Setting.WYOMING_HOST, wyoming, "WYOMING_PORT");
        boolean llm = values.text(Setting.CHAT_COMPLETION_BASE_URL) != null;
        needs(Setting.CHAT_COMPLETION_API_KEY, llm, "CHAT_COMPLETION_BASE_URL");
        needs(Setting.CHAT_COMPLETION_MODEL, llm, "CHAT_COMPLETION_BASE_URL");
        needs(Setting.CHAT_COMPLETION_TIMEOUT, llm, "CHAT_COMPLETION_BASE_URL");
        boolean preloading = values.text(Setting.PRELOAD_MODELS) != null;
        needs(Setting.PRELOAD_STRICT, preloading, "PRELOAD_MODELS");
        needs(Setting.ESPEAK_DATA, values.text(Setting.ESPEAK_LIBRARY) != null, "ESPEAK_LIBRARY");
        Arrays.stream(Setting.values())
                .filter(setting -> setting.type() instanceof SettingType.FileLocation)
                // images name the place of Speaches' file, which most have not
                .filter(setting -> setting != Setting.MODEL_ALIASES_PATH)
                .forEach(this::missing);
        return List.copyOf(warnings);
    }

    private void unknown(String name, String value) {
        String upper = name.toUpperCase(Locale.ROOT);
        if (OF_SPEACHES.contains(upper) || upper.startsWith("UNSTABLE_ORT_OPTS__")) {
            warnings.add(name + " of Speaches has no effect here.");
        }
        for (String prefix : PREFIXES) {
            List<String> known =
                    Arrays.stream(Setting.values())
                            .map(Setting::variable)
                            .filter(variable -> variable.startsWith(prefix))
                            .toList();
            if (upper.startsWith(prefix)
                    && !known.contains(upper)
                    && !READ_ELSEWHERE.contains(upper)
                    && !SERVICE.matcher(upper).matches()
                    && !SERVICE_ADDRESS.matcher(value).matches()) {
                warnings.add(
                        name
                                + " is not known and has no effect; known are "
                                + String.join(", ", known)
                                + ".");
            }
        }
    }

    private void needs(Setting setting, boolean met, String other) {
        String given = values.text(setting);
        if (!met && given != null && !given.equals(setting.defaultText())) {
            warnings.add(setting.variable() + ": has no effect without " + other);
        }
    }

    /** A path that was given and leads nowhere; the file may come later, so it is not refused. */
    private void missing(Setting setting) {
        if (values.text(setting) != null) {
            values.path(setting)
                    .filter(path -> !Files.exists(path))
                    .ifPresent(path ->
                            warnings.add(
                                    setting.variable() + ": there is no file " + path + " yet"));
        }
    }
}
