package dev.parlo.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The variables of {@code huggingface_hub}, which mean here what they mean there. */
@Tag("locale")
class HubVariablesTest {
    @TempDir Path folder;

    private Settings.Hub load(Map<String, String> environment) {
        return SettingsLoader.load(environment, Map.of(), folder).hub();
    }

    @ParameterizedTest
    @CsvSource({
        "HF_HUB_CACHE,/x,/x",
        "HUGGINGFACE_HUB_CACHE,/x,/x",
        "HF_HOME,/x,/x/hub",
        "XDG_CACHE_HOME,/x,/x/huggingface/hub"
    })
    void theCacheLiesWhereHuggingFaceHubPutsIt(String name, String value, String cache) {
        assertThat(load(Map.of(name, value)).cache()).isEqualTo(Path.of(cache));
    }

    @Test
    void theTokenComesFromTheEnvironmentOrItsFile() throws IOException {
        Files.writeString(folder.resolve("token"), "hf_file\n");
        Files.writeString(folder.resolve("other"), "hf_other\n");
        Map<String, String> environment = new HashMap<>(Map.of("HF_HOME", folder.toString()));
        assertThat(load(environment).token()).contains("hf_file");
        environment.put("HF_TOKEN_PATH", folder.resolve("other").toString());
        assertThat(load(environment).token()).contains("hf_other");
        environment.put("HUGGING_FACE_HUB_TOKEN", "hf_old");
        assertThat(load(environment).token()).contains("hf_old");
        environment.put("HF_TOKEN", " hf_new\n");
        assertThat(load(environment).token()).contains("hf_new");
        assertThat(load(environment).implicitToken()).isTrue();
        environment.put("HF_HUB_DISABLE_IMPLICIT_TOKEN", "1");
        assertThat(load(environment).implicitToken()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "HF_ENDPOINT,ftp://x",
        "HF_ENDPOINT,huggingface.co",
        "HF_ENDPOINT,https://user:secret@x",
        "HF_ENDPOINT,https://x/?a=b",
        "HF_TOKEN,my secret",
        "HF_TOKEN,secr\u00e9t",
        "HF_HUB_ETAG_TIMEOUT,soon",
        "HF_HUB_DOWNLOAD_TIMEOUT,-1"
    })
    void aValueThatCannotBeUsedIsNamedAndNoSecretShown(String name, String value) {
        assertThatThrownBy(() -> load(Map.of(name, value)))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining(name + ": got ")
                .hasMessageNotContaining("secr");
    }
}
