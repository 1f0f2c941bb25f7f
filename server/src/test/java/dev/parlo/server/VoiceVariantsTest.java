package dev.parlo.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.engine.speech.TinySpeechModels;
import dev.parlo.engine.speech.TinySpeechModels.Family;
import dev.parlo.registry.TestHub;
import dev.parlo.server.cli.ModelCommands;
import dev.parlo.server.http.Json;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** One of a repository's precisions or voices, from the Hub to speech. */
class VoiceVariantsTest {
    private static final String KOKORO = "onnx-community/Kokoro-82M-v1.0-ONNX";
    private static final String PIPER = "rhasspy/piper-voices";

    @TempDir private Path folder;

    private void publishKokoro() throws Exception {
        Path repository = folder.resolve("repositories").resolve(KOKORO);
        Files.createDirectories(repository.resolve("onnx"));
        Files.createDirectories(repository.resolve("voices"));
        TinySpeechModels.kokoro(repository.resolve("onnx/model.onnx"), Family.C, false);
        TinySpeechModels.kokoro(repository.resolve("onnx/model_q8f16.onnx"), Family.A, false);
        ByteBuffer voice = ByteBuffer.allocate(510 * 256 * 4).order(ByteOrder.LITTLE_ENDIAN);
        while (voice.hasRemaining()) {
            voice.putFloat(1);
        }
        Files.write(repository.resolve("voices/af_heart.bin"), voice.array());
        Files.writeString(repository.resolve("config.json"), "{}");
        card(repository, "tags: [onnx]");
    }

    private void publishPiper() throws Exception {
        Path repository = folder.resolve("repositories").resolve(PIPER);
        for (String[] voice :
                new String[][] {
                    {"en/en_US/lessac/medium", "en_US-lessac-medium", "16000"},
                    {"de/de_DE/thorsten/high", "de_DE-thorsten-high", "8000"}
                }) {
            Path place = Files.createDirectories(repository.resolve(voice[0]));
            TinySpeechModels.piper(place.resolve(voice[1] + ".onnx"), true);
            Files.writeString(
                    place.resolve(voice[1] + ".onnx.json"),
                    "{\"audio\": {\"sample_rate\": "
                            + voice[2]
                            + "}, \"phoneme_type\": \"text\", \"num_speakers\": 2,"
                            + " \"speaker_id_map\": {\"ann\": 0, \"bob\": 1},"
                            + " \"phoneme_id_map\": {\"_\": [0], \"^\": [1], \"$\": [2],"
                            + " \"a\": [20], \"b\": [21], \".\": [10]}}");
        }
        Files.writeString(repository.resolve("voices.json"), "{}");
        card(repository, "tags: [piper]");
    }

    private static void card(Path repository, String tags) throws Exception {
        Files.writeString(
                repository.resolve("README.md"),
                "---\nlanguage: en\nlicense: mit\npipeline_tag: text-to-speech\n"
                        + tags
                        + "\n---\n");
    }

    private static HttpResponse<String> speak(ListeningServer server, String model, String voice)
            throws Exception {
        return server.post(
                "/v1/audio/speech",
                "application/json",
                ("{\"model\": \""
                                + model
                                + "\", \"voice\": \""
                                + voice
                                + "\", \"input\": \"ab.\", \"response_format\": \"wav\"}")
                        .getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aVariantOfKokoroOrOfPiperIsDownloadedAloneAndSpeaks() throws Exception {
        publishKokoro();
        publishPiper();
        try (TestHub hub = TestHub.start(folder.resolve("repositories"));
                ListeningServer server =
                        new ListeningServer(
                                folder,
                                "HF_HUB_OFFLINE",
                                "0",
                                "HF_ENDPOINT",
                                hub.endpoint().toString())) {
            assertThat(server.get("/v1/registry?q=kokoro").body())
                    .contains("\"" + KOKORO + "\"", "\"" + KOKORO + ":q8f16\"");
            String quantised = KOKORO + ":q8f16";
            String lessac = PIPER + ":en_US-lessac-medium";
            assertThat(server.send("POST", "/v1/models/" + quantised).statusCode()).isEqualTo(200);
            assertThat(server.get("/v1/models/" + quantised).body())
                    .contains("\"weights\":[\"onnx/model_q8f16.onnx\"]");
            assertThat(speak(server, quantised, "af_heart").statusCode()).isEqualTo(200);
            // what is there does not stand for the full one where that is asked for
            assertThat(server.send("POST", "/v1/models/" + KOKORO).statusCode()).isEqualTo(200);
            assertThat(speak(server, KOKORO, "af_heart").statusCode()).isEqualTo(200);
            assertThat(server.get("/v1/models/" + KOKORO).body())
                    .contains("\"weights\":[\"onnx/model.onnx\"]");
            assertThat(server.send("POST", "/v1/models/" + KOKORO + ":q1").body())
                    .contains("holds no variant 'q1'", quantised);

            assertThat(server.send("POST", "/v1/models/" + PIPER).body())
                    .contains("holds several voices", lessac);
            assertThat(server.send("POST", "/v1/models/" + lessac).statusCode()).isEqualTo(200);
            assertThat(server.get("/v1/models/" + lessac).body())
                    .contains("en_US-lessac-medium.onnx", "\"ann\"", "\"bob\"")
                    .doesNotContain("thorsten");
            assertThat(speak(server, lessac, "bob").statusCode()).isEqualTo(200);
            assertThat(speak(server, lessac, "carol").body()).contains("carol", "ann", "bob");
            assertThat(server.send("DELETE", "/v1/models/" + lessac).statusCode()).isEqualTo(200);
            assertThat(server.get("/v1/models").body()).doesNotContain(lessac);
        }
    }

    private ListeningServer server(TestHub hub) throws Exception {
        return new ListeningServer(
                folder, "HF_HUB_OFFLINE", "0", "HF_ENDPOINT", hub.endpoint().toString());
    }

    @Test
    void aRepositoryOfTheHubIsShownBeforeItIsDownloadedByEachIdThatMeansIt() throws Exception {
        publishKokoro();
        publishPiper();
        try (TestHub hub = TestHub.start(folder.resolve("repositories"));
                ListeningServer server = server(hub)) {
            String lessac = PIPER + ":en_US-lessac-medium";
            JsonNode voice = json(server.get("/v1/registry/" + lessac.replace(":", "%3A")));
            assertThat(voice.path("id").asString()).isEqualTo(lessac);
            assertThat(voice.path("language").toString()).isEqualTo("[\"en\"]");
            assertThat(voice.path("license").asString()).isEqualTo("mit");
            assertThat(voice.path("installed").asBoolean(true)).isFalse();
            assertThat(voice.path("files").values())
                    .extracting(file -> file.path("path").asString().replaceAll(".*/", ""))
                    .containsExactly(
                            "README.md",
                            "en_US-lessac-medium.onnx",
                            "en_US-lessac-medium.onnx.json");
            long bytes = 0;
            for (JsonNode file : voice.path("files")) {
                bytes += file.path("size_bytes").asLong();
            }
            assertThat(voice.path("download_bytes").asLong()).isEqualTo(bytes).isPositive();
            // the repository itself means none of them
            JsonNode all = json(server.get("/v1/registry/" + PIPER));
            assertThat(all.path("id").asString()).isEqualTo(PIPER);
            assertThat(all.path("files")).isEmpty();
            assertThat(all.has("voices")).isFalse();
            assertThat(server.get("/v1/models/" + PIPER + ":x").statusCode()).isEqualTo(404);
            assertThat(all.path("download_bytes").isNull()).isTrue();
            assertThat(all.path("variants").values())
                    .extracting(each -> each.path("id").asString())
                    .containsExactlyInAnyOrder(lessac, PIPER + ":de_DE-thorsten-high");
            server.send("POST", "/v1/models/" + lessac);
            JsonNode after = json(server.get("/v1/registry/" + PIPER));
            assertThat(after.path("variants").toString())
                    .contains("\"installed\":true", "\"installed\":false");
            assertThat(server.get("/v1/registry?language=de-AT").body())
                    .contains("thorsten")
                    .doesNotContain("lessac");
            assertThat(server.get("/v1/registry/" + KOKORO + ":q1").statusCode()).isEqualTo(404);
            assertThat(server.get("/v1/registry/" + KOKORO + ":q1").body())
                    .contains("holds no variant 'q1'", KOKORO + ":q8f16");
            assertThat(server.get("/v1/registry/me/none").statusCode()).isEqualTo(404);
            assertThat(speak(server, "espeak-ng/espeak-ng:x", "en").body())
                    .contains("holds one model, without a variant: leave out ':x'");
            // the command, over the server
            ModelCommands.Result shown =
                    ModelCommands.run(
                            new String[] {"--url", server.url()},
                            "registry",
                            "show",
                            KOKORO + ":q8f16");
            assertThat(shown.status()).as(shown.err()).isZero();
            assertThat(shown.out()).contains("onnx/model_q8f16.onnx", "\"variants\"");
            ModelCommands.Result wrong =
                    ModelCommands.run(
                            new String[] {"--url", server.url()},
                            "registry",
                            "show",
                            KOKORO + ":x");
            assertThat(wrong.status()).isEqualTo(1);
            assertThat(wrong.err()).contains("holds no variant 'x'", KOKORO + ":q8f16");
        }
    }

    @Test
    void anInstalledModelIsShownWhereTheHubCannotBeAskedOrDoesNotHaveIt() throws Exception {
        publishPiper();
        String lessac = PIPER + ":en_US-lessac-medium";
        try (TestHub hub = TestHub.start(folder.resolve("repositories"));
                ListeningServer server = server(hub)) {
            assertThat(server.send("POST", "/v1/models/" + lessac).statusCode()).isEqualTo(200);
            int asked = hub.requests().size();
            JsonNode builtIn = json(server.get("/v1/registry/espeak-ng/espeak-ng"));
            assertThat(builtIn.path("origin").asString()).isEqualTo("built_in");
            assertThat(builtIn.path("installed").asBoolean()).isTrue();
            assertThat(builtIn.has("problems")).isFalse();
            assertThat(hub.requests()).hasSize(asked);
            assertThat(server.send("HEAD", "/v1/registry/espeak-ng/espeak-ng").statusCode())
                    .isEqualTo(200);
        }
        try (ListeningServer offline = new ListeningServer(folder, "HF_HUB_OFFLINE", "1")) {
            JsonNode here = json(offline.get("/v1/registry/" + lessac));
            assertThat(here.path("id").asString()).isEqualTo(lessac);
            assertThat(here.path("origin").asString()).isEqualTo("cache");
            assertThat(here.path("license").asString()).isEqualTo("mit");
            assertThat(here.path("download_bytes").isNull()).isTrue();
            assertThat(here.path("size_bytes").asLong()).isPositive();
            assertThat(here.path("files").size()).isEqualTo(3);
            assertThat(here.path("problems").toString()).contains("HF_HUB_OFFLINE");
            assertThat(offline.get("/v1/registry/me/none").statusCode()).isEqualTo(503);
            ModelCommands.Result shown =
                    ModelCommands.run(
                            new String[] {"--url", offline.url()}, "registry", "show", lessac);
            assertThat(shown.status()).isZero();
            assertThat(shown.err()).contains("HF_HUB_OFFLINE");
        }
    }

    private static JsonNode json(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return Json.mapper().readTree(answer.body());
    }
}
