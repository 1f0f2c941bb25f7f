package dev.parlo.registry.hub;

import java.util.Map;
import okhttp3.OkHttpClient;

/**
 * How connections leave this machine: through which proxies, and which certificates are trusted.
 * The variables mean what they mean to curl and to the HTTP libraries under {@code
 * huggingface_hub}.
 */
public record NetworkSettings(ProxySettings proxies, CaCertificates authorities) {
    /** Direct connections, the JDK's roots. */
    public static NetworkSettings direct() {
        return new NetworkSettings(ProxySettings.none(), CaCertificates.none());
    }

    /**
     * Reads the environment.
     *
     * @throws IllegalArgumentException for a proxy's address that cannot be used
     */
    public static NetworkSettings of(Map<String, String> environment) {
        return new NetworkSettings(ProxySettings.of(environment), CaCertificates.of(environment));
    }

    /** Has a client connect as these settings say. */
    public void applyTo(OkHttpClient.Builder builder) {
        new ProxyRoutes(proxies).applyTo(builder);
        trustIn(builder);
    }

    /** Has a client trust the certificates of these settings, without their proxies. */
    public void trustIn(OkHttpClient.Builder builder) {
        authorities
                .handshake()
                .ifPresent(trusted ->
                        builder.sslSocketFactory(
                                trusted.sslSocketFactory(), trusted.trustManager()));
    }
}
