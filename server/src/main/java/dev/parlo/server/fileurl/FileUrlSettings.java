package dev.parlo.server.fileurl;

import dev.parlo.registry.web.WebHosts;
import java.time.Duration;
import java.util.List;

/**
 * Which addresses may be fetched from.
 *
 * @param enabled false: none
 * @param timeout for all of a fetch, redirects included
 */
public record FileUrlSettings(boolean enabled, WebHosts hosts, Duration timeout) {
    /**
     * @param hosts as {@link WebHosts#only}
     * @param privateHosts as {@link WebHosts#anyAddress}
     */
    public FileUrlSettings(
            boolean enabled, List<String> hosts, List<String> privateHosts, Duration timeout) {
        this(enabled, new WebHosts(hosts, privateHosts), timeout);
    }
}
