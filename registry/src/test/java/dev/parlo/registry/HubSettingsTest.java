package dev.parlo.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HubSettingsTest {
    @TempDir Path home;

    @Test
    void defaults() {
        HubSettings settings = HubSettings.fromEnvironment(Map.of("HOME", home.toString()));
        assertThat(settings.endpoint()).hasToString("https://huggingface.co");
        assertThat(settings.token()).isEmpty();
        assertThat(settings.cache()).isEqualTo(home.resolve(".cache/huggingface/hub"));
        assertThat(settings.offline()).isFalse();
        assertThat(settings.ranges()).isTrue();
        assertThat(settings.metadataTimeout()).hasSeconds(10);
        assertThat(settings.downloadTimeout()).hasSeconds(10);
    }

    @Test
    void everythingSet() {
        HubSettings settings =
                HubSettings.fromEnvironment(
                        Map.of(
                                "HF_ENDPOINT", "http://127.0.0.1:8500/",
                                "HF_TOKEN", " hf_secret\n",
                                "HF_HUB_CACHE", "/data/hub",
                                "HF_HOME", "/data",
                                "HF_HUB_OFFLINE", "True",
                                "HF_HUB_ETAG_TIMEOUT", "2.5",
                                "HF_HUB_DOWNLOAD_TIMEOUT", "60",
                                "HF_HUB_ENABLE_HF_TRANSFER", "0"));
        assertThat(settings.endpoint()).hasToString("http://127.0.0.1:8500");
        assertThat(settings.token()).contains("hf_secret");
        assertThat(settings.cache()).isEqualTo(Path.of("/data/hub"));
        assertThat(settings.offline()).isTrue();
        assertThat(settings.ranges()).isFalse();
        assertThat(settings.metadataTimeout()).isEqualTo(Duration.ofMillis(2500));
        assertThat(settings.downloadTimeout()).hasMinutes(1);
        assertThat(settings.toString()).doesNotContain("hf_secret");
    }

    @ParameterizedTest
    @CsvSource({
        "HF_HUB_CACHE,/x,/x",
        "HUGGINGFACE_HUB_CACHE,/x,/x",
        "HF_HOME,/x,/x/hub",
        "XDG_CACHE_HOME,/x,/x/huggingface/hub"
    })
    void theCacheLiesWhereHuggingFaceHubPutsIt(String name, String value, String cache) {
        assertThat(
                        HubSettings.fromEnvironment(Map.of("HOME", home.toString(), name, value))
                                .cache())
                .isEqualTo(Path.of(cache));
    }

    @Test
    void theTokenComesFromTheEnvironmentOrItsFile() throws IOException {
        Files.writeString(home.resolve("token"), "hf_file\n");
        Files.writeString(home.resolve("other"), "hf_other\n");
        Map<String, String> environment = new HashMap<>(Map.of("HF_HOME", home.toString()));
        assertThat(HubSettings.fromEnvironment(environment).token()).contains("hf_file");
        environment.put("HF_TOKEN_PATH", home.resolve("other").toString());
        assertThat(HubSettings.fromEnvironment(environment).token()).contains("hf_other");
        environment.put("HUGGING_FACE_HUB_TOKEN", "hf_old");
        assertThat(HubSettings.fromEnvironment(environment).token()).contains("hf_old");
        environment.put("HF_TOKEN", "hf_new");
        assertThat(HubSettings.fromEnvironment(environment).token()).contains("hf_new");
        environment.put("HF_HUB_DISABLE_IMPLICIT_TOKEN", "1");
        assertThat(HubSettings.fromEnvironment(environment).token()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "HF_ENDPOINT,ftp://x",
        "HF_ENDPOINT,huggingface.co",
        "HF_ENDPOINT,https://user:pw@x",
        "HF_ENDPOINT,https://x/?a=b",
        "HF_TOKEN,two words",
        "HF_HUB_ETAG_TIMEOUT,soon",
        "HF_HUB_DOWNLOAD_TIMEOUT,-1"
    })
    void aValueThatCannotBeUsedIsNamed(String name, String value) {
        assertThatThrownBy(() ->
                        HubSettings.fromEnvironment(Map.of("HOME", home.toString(), name, value)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(name.endsWith("TIMEOUT") ? name : name.substring(3, 8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"hf_a\r\nX-Evil: 1", "hf_\u00e9"})
    void aTokenThatWouldBreakAHeaderIsNotShown(String token) {
        assertThatThrownBy(() -> HubSettings.fromEnvironment(Map.of("HF_TOKEN", token)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("hf_");
    }
}
