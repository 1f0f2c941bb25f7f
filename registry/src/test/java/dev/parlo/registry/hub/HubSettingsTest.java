package dev.parlo.registry.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("locale")
class HubSettingsTest {
    private static HubSettings settings(String endpoint, String token) {
        Duration timeout = Duration.ofSeconds(10);
        return new HubSettings(
                URI.create(endpoint),
                Optional.of(token),
                Path.of("hub"),
                false,
                timeout,
                timeout,
                true,
                true,
                NetworkSettings.direct());
    }

    @Test
    void theTokenIsNotPrinted() {
        assertThat(settings("https://huggingface.co", "hf_secret").toString())
                .contains("huggingface.co", "token=set")
                .doesNotContain("hf_secret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ftp://x", "huggingface.co", "https://user:pw@x", "https://x/?a=b"})
    void whatIsNoEndpointIsRefused(String endpoint) {
        assertThatThrownBy(() -> settings(endpoint, "hf_a"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("HF_ENDPOINT");
    }

    @ParameterizedTest
    @ValueSource(strings = {"hf_a\r\nX-Evil: 1", "hf_\u00e9", "hf_two words"})
    void aTokenThatWouldBreakAHeaderIsNotShown(String token) {
        assertThatThrownBy(() -> settings("https://x", token))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("HF_TOKEN")
                .hasMessageNotContaining("hf_");
    }
}
