package dev.parlo.registry.hub;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which proxy a host is reached through, by the variables that curl and Python's HTTP libraries
 * read: {@code HTTP_PROXY}, {@code HTTPS_PROXY}, {@code ALL_PROXY} for both, and {@code NO_PROXY}
 * for the exceptions. A name in lower case counts before the same in upper case, also when it is
 * empty, which means no proxy. Immutable.
 */
final class ProxySettings {
    private static final ProxySettings NONE =
            new ProxySettings(Optional.empty(), Optional.empty(), NoProxy.NOTHING);

    private final Optional<ProxyServer> http;
    private final Optional<ProxyServer> https;
    private final NoProxy exceptions;

    private ProxySettings(
            Optional<ProxyServer> http, Optional<ProxyServer> https, NoProxy exceptions) {
        this.http = http;
        this.https = https;
        this.exceptions = exceptions;
    }

    /** No proxies, except those the JVM's own properties name. */
    public static ProxySettings none() {
        return NONE;
    }

    /**
     * Reads the environment.
     *
     * @throws IllegalArgumentException naming the variable whose value cannot be used; the password
     *     in it is not shown
     */
    public static ProxySettings of(Map<String, String> environment) {
        Optional<ProxyServer> all = proxy(environment, "ALL_PROXY");
        Optional<ProxyServer> http = proxy(environment, "HTTP_PROXY").or(() -> all);
        Optional<ProxyServer> https = proxy(environment, "HTTPS_PROXY").or(() -> all);
        return http.isEmpty() && https.isEmpty()
                ? NONE
                : new ProxySettings(http, https, NoProxy.parse(text(environment, "NO_PROXY")));
    }

    /** Whether the environment names any proxy. */
    boolean isEmpty() {
        return http.isEmpty() && https.isEmpty();
    }

    /** The proxy for a host; empty where it is asked directly. */
    Optional<ProxyServer> proxy(String scheme, String host, int port) {
        Optional<ProxyServer> proxy = scheme.equalsIgnoreCase("https") ? https : http;
        return proxy.filter(through -> !exceptions.excepts(host, port));
    }

    /** The proxy at this address; empty when none of the variables names it. */
    Optional<ProxyServer> at(String host, int port) {
        return https.filter(proxy -> proxy.host().equals(host) && proxy.port() == port)
                .or(() -> http.filter(proxy -> proxy.host().equals(host) && proxy.port() == port));
    }

    @Override
    public String toString() {
        return "ProxySettings[http=" + http + ", https=" + https + "]";
    }

    private static Optional<ProxyServer> proxy(Map<String, String> environment, String name) {
        String value = text(environment, name);
        return value.isEmpty() ? Optional.empty() : Optional.of(ProxyServer.parse(name, value));
    }

    private static String text(Map<String, String> environment, String name) {
        @Nullable String lower = environment.get(name.toLowerCase(Locale.ROOT));
        @Nullable String value = lower == null ? environment.get(name) : lower;
        return value == null ? "" : value.strip();
    }
}
