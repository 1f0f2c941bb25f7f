package dev.parlo.registry.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class WebHostsTest {
    @Test
    void aStarStandsForWhatIsBelowAName() {
        WebHosts listed = new WebHosts(List.of("*.media.test"), List.of());

        assertThat(listed.allows("a.media.test")).isTrue();
        assertThat(listed.allows("media.test")).isFalse();
        assertThat(listed.allows("evilmedia.test")).isFalse();
    }

    @Test
    void aHostOfAnyAddressNeedNotBeListedTwice() {
        WebHosts hosts = new WebHosts(List.of("a.test"), List.of("Minio.Internal"));

        assertThat(hosts.allows("minio.internal")).isTrue();
        assertThat(hosts.allowsPrivate("a.test")).isFalse();
    }
}
