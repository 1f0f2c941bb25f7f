package dev.parlo.registry.web;

import java.util.List;
import java.util.Locale;

/**
 * Which hosts may be asked for files.
 *
 * @param only the only ones, each a name or {@code *.name} for all below it; empty: every host with
 *     a public address
 * @param anyAddress names, or addresses as they are written in a URL, that may have any address
 */
public record WebHosts(List<String> only, List<String> anyAddress) {
    public WebHosts {
        only = lowerCase(only);
        anyAddress = lowerCase(anyAddress);
    }

    private static List<String> lowerCase(List<String> names) {
        return names.stream().map(name -> name.strip().toLowerCase(Locale.ROOT)).toList();
    }

    /** Whether a host may be asked at all. */
    boolean allows(String host) {
        return only.isEmpty() || matches(only, host) || allowsPrivate(host);
    }

    /** Whether a host may have an address that is not public. */
    boolean allowsPrivate(String host) {
        return matches(anyAddress, host);
    }

    private static boolean matches(List<String> names, String host) {
        return names.stream()
                .anyMatch(name ->
                        name.startsWith("*.")
                                ? host.endsWith(name.substring(1))
                                : host.equals(name));
    }
}
