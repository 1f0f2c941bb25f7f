package dev.parlo.server;

import dev.parlo.server.fileurl.FileUrlSettings;
import java.util.ArrayList;
import java.util.List;

/** Reads who may call the server, by which names, and from which hosts it may fetch files. */
final class AccessLoader {
    /** A name, or an address of either kind; names are of any script. */
    private static final String HOST =
            "(?:[\\p{L}\\p{N}_](?:[\\p{L}\\p{N}_.-]*[\\p{L}\\p{N}_])?\\.?"
                    + "|\\[?[0-9A-Fa-f:]*:[0-9A-Fa-f:.%]*]?)";

    private final SettingValues values;

    AccessLoader(SettingValues values) {
        this.values = values;
    }

    Settings.Access access() {
        List<String> keys = new ArrayList<>();
        String given = values.given(Setting.API_KEY);
        if (given != null) {
            for (String key : given.split(",", -1)) {
                if (key.isBlank()) {
                    values.problem(
                            Setting.API_KEY,
                            "an empty key",
                            "one or more keys separated by commas, or leave it unset to serve"
                                    + " without a key");
                    break;
                }
                if (key.strip().chars().anyMatch(Character::isISOControl)) {
                    values.problem(
                            Setting.API_KEY,
                            "a key with control characters (not shown)",
                            "keys of printable characters, which is all that a header can carry");
                    break;
                }
                keys.add(key.strip());
            }
        }
        return new Settings.Access(
                keys,
                values.bool(Setting.OPENAI_STRICT),
                values.bool(Setting.PUBLIC_LISTS),
                origins(),
                hosts(
                        Setting.ALLOWED_HOSTS,
                        "\\*|" + HOST,
                        "\"parlo.example.org\", or \"*\" for any"),
                values.choice(Setting.METRICS, Settings.Metrics.class));
    }

    private List<String> origins() {
        List<String> origins = values.list(Setting.ALLOW_ORIGINS);
        for (String origin : origins) {
            // A browser sends scheme, host and port, and never a path: anything else cannot match.
            if (!origin.equals("*") && !origin.matches("[a-z][a-z0-9+.-]*://[^/\\s]+")) {
                values.problem(
                        Setting.ALLOW_ORIGINS,
                        origin,
                        "\"*\", or origins as browsers send them, such as"
                                + " \"https://a.org\" or \"http://localhost:3000\"");
            }
        }
        return origins;
    }

    /** Hosts of recordings: {@code *.} before a name means all below it. */
    private List<String> hostsToFetchFrom(Setting setting) {
        return hosts(setting, "(?:\\*\\.)?" + HOST, "\"media.example.org\" or \"*.example.org\"");
    }

    /** Names as requests have them; an address with a path, a scheme or a network matches none. */
    private List<String> hosts(Setting setting, String form, String example) {
        List<String> hosts = values.list(setting);
        for (String host : hosts) {
            if (!host.strip().matches(form)) {
                values.problem(
                        setting,
                        host,
                        "host names or addresses alone, without scheme, port and path, such as "
                                + example);
            }
        }
        return hosts;
    }

    FileUrlSettings fileUrls() {
        return new FileUrlSettings(
                values.bool(Setting.FILE_URLS),
                hostsToFetchFrom(Setting.FILE_URL_HOSTS),
                hostsToFetchFrom(Setting.FILE_URL_PRIVATE_HOSTS),
                values.seconds(Setting.FILE_URL_TIMEOUT));
    }
}
