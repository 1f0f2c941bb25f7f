package dev.parlo.registry.hub;

import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import okhttp3.Credentials;

/**
 * A proxy as an environment variable names it.
 *
 * @param variable the variable, for messages
 * @param credentials the value of a {@code Proxy-Authorization} header; never printed
 */
record ProxyServer(
        String variable, Proxy.Type type, String host, int port, Optional<String> credentials) {
    private static final String ACCEPTED =
            "http://[user:password@]host:port, or socks5://host:port";

    /** What curl and Python's clients assume where the address names no port. */
    private static final int SOCKS_PORT = 1080;

    private static final int HTTP_PORT = 80;

    /**
     * Reads {@code [scheme://][user:password@]host[:port]}.
     *
     * @throws IllegalArgumentException naming the variable, without the password
     */
    static ProxyServer parse(String variable, String value) {
        String address = value.contains("://") ? value : "http://" + value;
        URI uri;
        try {
            uri = URI.create(address);
        } catch (IllegalArgumentException malformed) {
            throw refused(variable, value, ACCEPTED);
        }
        String host = uri.getHost();
        if (host == null) {
            throw refused(variable, value, ACCEPTED);
        }
        String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        String user = uri.getRawUserInfo();
        return switch (uri.getScheme().toLowerCase(Locale.ROOT)) {
            case "http" ->
                    new ProxyServer(
                            variable,
                            Proxy.Type.HTTP,
                            bare,
                            uri.getPort() < 0 ? HTTP_PORT : uri.getPort(),
                            Optional.ofNullable(user).map(ProxyServer::basic));
            case "socks5", "socks5h", "socks" -> {
                if (user != null) {
                    throw refused(variable, value, "a SOCKS proxy without user and password");
                }
                yield new ProxyServer(
                        variable,
                        Proxy.Type.SOCKS,
                        bare,
                        uri.getPort() < 0 ? SOCKS_PORT : uri.getPort(),
                        Optional.empty());
            }
            // "https" would mean TLS to the proxy itself, which OkHttp does not speak.
            default -> throw refused(variable, value, ACCEPTED);
        };
    }

    Proxy toProxy() {
        // Unresolved: the name is looked up when a connection is made, not once at start.
        return new Proxy(type, InetSocketAddress.createUnresolved(host, port));
    }

    /** The proxy and its variable as messages name them. */
    String description() {
        return variable + " (" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port + ")";
    }

    /** The same without the password. */
    @Override
    public String toString() {
        return "ProxyServer[" + description() + "]";
    }

    private static String basic(String userInfo) {
        int colon = userInfo.indexOf(':');
        String user = colon < 0 ? userInfo : userInfo.substring(0, colon);
        String password = colon < 0 ? "" : userInfo.substring(colon + 1);
        return Credentials.basic(decoded(user), decoded(password), StandardCharsets.UTF_8);
    }

    /** Percent signs are decoded, a plus stays a plus, unlike in a form. */
    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static IllegalArgumentException refused(
            String variable, String value, String accepted) {
        return new IllegalArgumentException(
                variable
                        + ": got "
                        + value.replaceAll("^((?:[^/]*//)?)[^@]*@", "$1…@") // maybe a password
                        + ", accepted: "
                        + accepted
                        + ".");
    }
}
