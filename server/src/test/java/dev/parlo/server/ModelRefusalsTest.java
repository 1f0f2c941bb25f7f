package dev.parlo.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a client is told of a model that cannot be used, and what not. */
class ModelRefusalsTest {
    private static final String SAY =
            "{\"model\": \"%s\", \"input\": \"Hi.\", \"voice\": \"alloy\"}";

    @TempDir Path folder;

    @Test
    void aLocalModelThatIsBrokenIsSaidToBeSoWithoutPathsOfTheServer() throws Exception {
        Path broken = Files.createDirectories(folder.resolve("mine/me/broken"));
        Files.writeString(broken.resolve("config.json"), "{\"suppress_ids\": [");
        Files.writeString(broken.resolve("model.bin"), "weights");
        Files.writeString(broken.resolve("tokenizer.json"), "{}");
        try (RunningServer server =
                new RunningServer(folder, "MODELS_PATH", folder.resolve("mine").toString())) {
            for (HttpResponse<String> answer :
                    List.of(
                            server.transcribe("me/broken", "0"),
                            server.ask("POST", "/api/ps/me/broken"),
                            server.ask("GET", "/v1/models/me/broken"))) {
                assertThat(answer.statusCode()).isEqualTo(500);
                assertThat(answer.body())
                        .contains("installed but broken", "config.json", "\"invalid_model\"")
                        .doesNotContain(folder.toString(), "download");
            }
        }
    }

    @Test
    void whatTheHubShowsToBeAnAdapterIsNotRecommendedForDownloadEvenOnce() throws Exception {
        for (String name : List.of("a", "b")) {
            Path lora = Files.createDirectories(folder.resolve("hub/lora/" + name));
            Files.writeString(lora.resolve("adapter_config.json"), "{}");
            Files.writeString(lora.resolve("adapter_model.safetensors"), "weights");
        }
        try (RunningServer server = new RunningServer(folder, "HF_HUB_ETAG_TIMEOUT", "6000")) {
            for (HttpResponse<String> answer :
                    List.of(
                            server.transcribe("lora/a", "0"),
                            server.ask("POST", "/api/ps/lora/b"))) {
                assertThat(answer.body())
                        .contains("It holds an adapter (LoRA)")
                        .doesNotContain("parlo model download");
            }
        }
    }

    @Test
    void onlyModelsThatCanDoWhatWasAskedAreSaidToBeReady() throws Exception {
        try (RunningServer server = new RunningServer(folder)) {
            assertThat(server.transcribe("Acme/none", "0").body())
                    .contains("Built in and ready: [" + RunningServer.BUILT_IN + "]")
                    .doesNotContain("espeak");
            assertThat(
                            server.json(
                                            "/v1/audio/speech",
                                            String.format(Locale.ROOT, SAY, "Acme/none"))
                                    .body())
                    .contains("is not installed locally")
                    .doesNotContain(RunningServer.BUILT_IN);
        }
    }

    @Test
    void theNameOfAModelIsNeverAnsweredByAnotherModel() throws Exception {
        try (RunningServer server = new RunningServer(folder)) {
            for (String model : new String[] {"kokoro", "large-v3", "whisper-1"}) {
                HttpResponse<String> answer =
                        server.json("/v1/audio/speech", String.format(Locale.ROOT, SAY, model));
                assertThat(answer.statusCode()).as(model).isEqualTo(404);
            }
        }
    }

    @Test
    void aCacheThatCannotBeWrittenIsSaidToBeSoWithoutPathsOfTheServer() throws Exception {
        try (RunningServer server = new RunningServer(folder)) {
            Files.writeString(server.cache, "a file in its place");
            HttpResponse<String> answer = server.ask("POST", "/v1/models/Acme/tiny");
            assertThat(answer.statusCode()).isEqualTo(500);
            assertThat(answer.body())
                    .contains("HF_HUB_CACHE")
                    .doesNotContain(folder.toString(), "Exception");
        }
    }
}
