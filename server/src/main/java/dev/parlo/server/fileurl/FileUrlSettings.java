package dev.parlo.server.fileurl;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * Which addresses may be fetched from.
 *
 * @param enabled false: none
 * @param hosts the only ones, each a name or {@code *.name} for all below it; empty: every host
 *     with a public address
 * @param privateHosts names, or addresses as they are written in a URL, that may have any address
 * @param timeout for all of a fetch, redirects included
 */
public record FileUrlSettings(
        boolean enabled, List<String> hosts, List<String> privateHosts, Duration timeout) {
    public FileUrlSettings {
        hosts = lowerCase(hosts);
        privateHosts = lowerCase(privateHosts);
    }

    private static List<String> lowerCase(List<String> names) {
        return names.stream().map(name -> name.strip().toLowerCase(Locale.ROOT)).toList();
    }

    /** Whether a host may be asked at all. */
    boolean allows(String host) {
        return hosts.isEmpty() || matches(hosts, host) || allowsPrivate(host);
    }

    /** Whether a host may have an address that is not public. */
    boolean allowsPrivate(String host) {
        return matches(privateHosts, host);
    }

    private static boolean matches(List<String> names, String host) {
        return names.stream()
                .anyMatch(name ->
                        name.startsWith("*.")
                                ? host.endsWith(name.substring(1))
                                : host.equals(name));
    }
}
