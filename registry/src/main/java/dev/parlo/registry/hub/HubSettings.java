package dev.parlo.registry.hub;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * How the Hub is reached and where its cache lies. The variables mean what they mean in {@code
 * huggingface_hub}.
 *
 * @param endpoint {@code HF_ENDPOINT}, scheme, host and port with an optional path
 * @param token {@code HF_TOKEN} or the file beside the cache; never printed
 * @param cache {@code HF_HUB_CACHE} or where {@code HF_HOME} puts it
 * @param offline {@code HF_HUB_OFFLINE} or {@code TRANSFORMERS_OFFLINE}: the Hub is never asked
 * @param metadataTimeout {@code HF_HUB_ETAG_TIMEOUT}
 * @param downloadTimeout {@code HF_HUB_DOWNLOAD_TIMEOUT}: longest silence while bytes are awaited
 * @param ranges {@code HF_HUB_ENABLE_HF_TRANSFER}: several ranges of one large file at once
 * @param links whether snapshots are made of links ({@code HF_HUB_DISABLE_SYMLINKS} not set)
 * @param network proxies and trusted certificates
 */
public record HubSettings(
        URI endpoint,
        Optional<String> token,
        Path cache,
        boolean offline,
        Duration metadataTimeout,
        Duration downloadTimeout,
        boolean ranges,
        boolean links,
        NetworkSettings network) {

    public HubSettings {
        String scheme = String.valueOf(endpoint.getScheme()).toLowerCase(Locale.ROOT);
        if (!List.of("http", "https").contains(scheme) || endpoint.getHost() == null) {
            throw new IllegalArgumentException(
                    "HF_ENDPOINT must be an http or https address, for example"
                            + " https://huggingface.co");
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
                + ", "
                + network.proxies()
                + "]";
    }

    private static void checkToken(String token) {
        if (token.isEmpty() || token.chars().anyMatch(c -> c <= ' ' || c >= 127)) {
            throw new IllegalArgumentException("HF_TOKEN must be printable ASCII without spaces");
        }
    }
}
