package dev.parlo.registry.hub;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import okhttp3.Authenticator;
import okhttp3.OkHttpClient;

/** Sends the connections of an HTTP client through the proxies of the settings. Immutable. */
record ProxyRoutes(ProxySettings proxies) {
    void applyTo(OkHttpClient.Builder builder) {
        // Without variables the JDK's own selector stays, which reads -Dhttps.proxyHost.
        if (!proxies.isEmpty()) {
            builder.proxySelector(selector()).proxyAuthenticator(authenticator());
        }
    }

    private ProxySelector selector() {
        return new ProxySelector() {
            @Override
            public List<Proxy> select(URI target) {
                return List.of(
                        proxies.proxy(target.getScheme(), target.getHost(), port(target))
                                .map(ProxyServer::toProxy)
                                .orElse(Proxy.NO_PROXY));
            }

            @Override
            public void connectFailed(URI target, SocketAddress proxy, IOException failure) {
                // There is no second proxy to turn to; the caller is told.
            }
        };
    }

    private static int port(URI target) {
        boolean https = "https".equalsIgnoreCase(target.getScheme());
        return target.getPort() >= 0 ? target.getPort() : https ? 443 : 80;
    }

    private Authenticator authenticator() {
        return (route, response) -> {
            if (route == null
                    || response.request().header("Proxy-Authorization") != null
                    || !(route.proxy().address() instanceof InetSocketAddress address)) {
                return null; // it has been tried
            }
            return proxies.at(address.getHostString(), address.getPort())
                    .flatMap(ProxyServer::credentials)
                    .map(credentials ->
                            response.request()
                                    .newBuilder()
                                    .header("Proxy-Authorization", credentials)
                                    .build())
                    .orElse(null);
        };
    }
}
