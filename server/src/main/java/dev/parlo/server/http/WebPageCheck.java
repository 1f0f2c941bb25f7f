package dev.parlo.server.http;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.net.InetAddress;
import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps web pages of other origins from using a server that needs no key. A browser sends a page's
 * simple POSTs and opens its WebSockets without asking first, and a page whose name was made to
 * point at this machine (DNS rebinding) counts as one of ours. Programs, which send no Origin, go
 * on as before. Thread-safe.
 */
public final class WebPageCheck {
    private static final Set<HandlerType> SAFE =
            Set.of(HandlerType.GET, HandlerType.HEAD, HandlerType.OPTIONS);

    private final Set<String> origins;
    private final Set<String> hosts;
    private final boolean checkHost;

    /**
     * @param origins whose pages may use the server; {@code *} for all
     * @param hosts names of this server besides the usual ones of a loopback address; {@code *} for
     *     any
     * @param listenHost names are checked only where this is a loopback address: elsewhere the
     *     server has names that it cannot know
     */
    public WebPageCheck(List<String> origins, List<String> hosts, String listenHost) {
        this.origins = Set.copyOf(origins);
        this.hosts = new HashSet<>();
        hosts.forEach(host -> this.hosts.add(host.toLowerCase(Locale.ROOT)));
        for (String origin : origins) {
            String authority = authority(origin);
            this.hosts.add(authority == null ? origin : name(authority));
        }
        this.checkHost = isLoopback(listenHost) && !this.hosts.contains("*");
    }

    /** Must come before every route that does anything. */
    public void register(RoutesConfig routes) {
        routes.before(ctx -> {
            checkHost(ctx);
            if (!SAFE.contains(ctx.method())) {
                checkOrigin(ctx);
            }
        });
        routes.wsBeforeUpgrade(ctx -> {
            checkHost(ctx);
            checkOrigin(ctx);
        });
    }

    private void checkHost(Context ctx) {
        String host = ctx.header("Host");
        if (checkHost && host != null && !isOurs(name(host.strip()))) {
            throw ApiError.of(
                    403,
                    "This server listens on a loopback address and was asked for under the name '"
                            + host
                            + "'. Add the name to ALLOWED_HOSTS if it is right.",
                    "host_not_allowed");
        }
    }

    private boolean isOurs(String name) {
        // Only a name in the public DNS can be pointed at another machine by a stranger: not an
        // address, and not a name of one label, which is local (localhost, a container's name).
        return name.indexOf('.') < 0
                || name.endsWith(".localhost")
                || hosts.contains(name)
                || isAddress(name);
    }

    private void checkOrigin(Context ctx) {
        String origin = ctx.header("Origin");
        if (origin != null
                && !origins.contains("*")
                && !origins.contains(origin)
                && isForeignPage(origin, ctx)) {
            throw ApiError.of(
                    403,
                    "Web pages of the origin '"
                            + origin
                            + "' may not use this server. Add the origin to ALLOW_ORIGINS, or set"
                            + " API_KEY.",
                    "origin_not_allowed");
        }
    }

    private static boolean isForeignPage(String origin, Context ctx) {
        String authority = authority(origin);
        if (authority == null) {
            // "null" is a page that hides where it is from; other schemes are those of programs and
            // of a browser's extensions, which no page of the web can have.
            return origin.equals("null") || origin.startsWith("http");
        }
        String scheme = origin.substring(0, origin.indexOf(':'));
        // Set by a reverse proxy that sends another Host; a page cannot set it without a preflight.
        return !same(scheme, authority, ctx.header("X-Forwarded-Host"))
                && !same(scheme, authority, ctx.header("Host"));
    }

    private static boolean same(String scheme, String authority, @Nullable String host) {
        return host != null
                && withoutUsualPort(scheme, authority)
                        .equals(withoutUsualPort(scheme, host.strip().toLowerCase(Locale.ROOT)));
    }

    private static String withoutUsualPort(String scheme, String authority) {
        String port = scheme.equalsIgnoreCase("https") ? ":443" : ":80";
        return authority.endsWith(port)
                ? authority.substring(0, authority.length() - port.length())
                : authority;
    }

    /** Host and port of a web origin in lower case; null for anything else. */
    private static @Nullable String authority(String origin) {
        try {
            URI uri = URI.create(origin.toLowerCase(Locale.ROOT));
            boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            return web ? uri.getRawAuthority() : null;
        } catch (IllegalArgumentException notAnOrigin) {
            return null;
        }
    }

    /** A host without its port, in lower case. */
    private static String name(String host) {
        String lower = host.toLowerCase(Locale.ROOT);
        int end = lower.startsWith("[") ? lower.indexOf(']') + 1 : lower.indexOf(':');
        String name = end > 0 ? lower.substring(0, end) : lower;
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }

    private static boolean isLoopback(String host) {
        if (host.equalsIgnoreCase("localhost")) {
            return true;
        }
        try {
            return InetAddress.ofLiteral(host).isLoopbackAddress();
        } catch (IllegalArgumentException name) {
            return false;
        }
    }

    private static boolean isAddress(String name) {
        try {
            return InetAddress.ofLiteral(
                                    name.startsWith("[")
                                            ? name.substring(1, name.length() - 1)
                                            : name)
                            .getAddress()
                            .length
                    > 0;
        } catch (IllegalArgumentException notAnAddress) {
            return false;
        }
    }
}
