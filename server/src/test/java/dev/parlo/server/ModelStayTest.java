package dev.parlo.server;

import static dev.parlo.server.RunningServer.BUILT_IN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.server.http.Json;
import dev.parlo.server.transcription.ScriptedEngine;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** How long a model stays loaded, and that one in use stays at all. */
class ModelStayTest {
    @TempDir Path folder;

    private static JsonNode json(HttpResponse<String> response) {
        return Json.mapper().readTree(response.body());
    }

    @Test
    void keepAliveOfARequestDecidesHowLongTheModelStays() throws Exception {
        try (RunningServer server = new RunningServer(folder, "VAD_MODEL_TTL", "0")) {
            assertThat(server.transcribe(BUILT_IN, "0").statusCode()).isEqualTo(200);
            assertThat(server.ask("GET", "/api/ps").body()).contains("\"models\":[]");
            assertThat(server.engines.getFirst().closed).isTrue();
            assertThat(server.transcribe(BUILT_IN, "-1").statusCode()).isEqualTo(200);
            JsonNode running = json(server.ask("GET", "/api/ps"));
            assertThat(running.at("/details/0/expires_at").isNull()).isTrue();
            assertThat(running.at("/details/0/keep_alive_seconds").asInt()).isEqualTo(-1);
            assertThat(server.transcribe(BUILT_IN, "soon").statusCode()).isEqualTo(422);
        }
    }

    @Test
    void keepAliveOfSpeechIsHeededToo() throws Exception {
        String parlo = folder.resolve("parlo").toString();
        try (RunningServer server = new RunningServer(folder, "PARLO_CACHE_DIR", parlo)) {
            String body =
                    "{\"model\": \"espeak-ng/espeak-ng\", \"input\": \"Hi.\", \"voice\":"
                            + " \"en-us\", \"response_format\": \"pcm\", \"keep_alive\": %s}";
            assertThat(
                            server.json(
                                            "/v1/audio/speech",
                                            String.format(Locale.ROOT, body, "\"2m\""))
                                    .statusCode())
                    .isEqualTo(200);
            assertThat(server.ask("GET", "/api/ps").body()).contains("\"keep_alive_seconds\":120");
            JsonNode running = json(server.ask("GET", "/api/ps"));
            assertThat(running.at("/details/0/device").asString()).isEqualTo("cpu");
            assertThat(running.at("/details/0/compute_type").asString())
                    .as("a fact, not the rest of a sentence")
                    .isEqualTo("none");
            assertThat(running.at("/details/0/runtime").asString()).startsWith("espeak-ng ");
            assertThat(
                            server.json("/v1/audio/speech", String.format(Locale.ROOT, body, "0"))
                                    .statusCode())
                    .isEqualTo(200);
            Awaitility.await()
                    .until(() -> server.ask("GET", "/api/ps").body().contains("\"models\":[]"));
            HttpResponse<String> wrong =
                    server.json("/v1/audio/speech", String.format(Locale.ROOT, body, "\"soon\""));
            assertThat(wrong.statusCode()).isEqualTo(422);
            assertThat(json(wrong).at("/detail/0/input").asString()).isEqualTo("soon");
        }
    }

    @Test
    void pinnedModelStaysUntilItIsUnloaded() throws Exception {
        try (RunningServer server = new RunningServer(folder)) {
            assertThat(server.ask("POST", "/api/ps/" + BUILT_IN + "?pin=true").statusCode())
                    .isEqualTo(201);
            assertThat(server.transcribe(BUILT_IN, "0").statusCode()).isEqualTo(200);
            assertThat(server.ask("GET", "/api/ps").body())
                    .contains("\"pinned\":true", "\"keep_alive_seconds\":0");
            assertThat(server.ask("DELETE", "/api/ps/" + BUILT_IN).statusCode()).isEqualTo(200);
            server.ask("POST", "/api/ps/" + BUILT_IN);
            assertThat(server.ask("GET", "/api/ps").body()).contains("\"pinned\":false");
            for (String pin : List.of("true", "false")) {
                assertThat(server.ask("POST", "/api/ps/" + BUILT_IN + "?pin=" + pin).statusCode())
                        .isEqualTo(200);
                assertThat(server.ask("GET", "/api/ps").body()).contains("\"pinned\":" + pin);
            }
        }
    }

    @Test
    void repositoryWithACheckpointInUseIsNotDeleted() throws Exception {
        Path many = Files.createDirectories(folder.resolve("hub/Acme/many"));
        Files.writeString(many.resolve("ggml-tiny.bin"), "tiny");
        Files.writeString(many.resolve("ggml-base.bin"), "base");
        try (RunningServer server = new RunningServer(folder, "VAD_MODEL_TTL", "0")) {
            for (String variant : List.of("tiny", "base")) {
                server.ask("POST", "/v1/models/Acme/many:" + variant);
            }
            assertThat(server.ask("POST", "/api/ps/Acme/many:tiny").statusCode()).isEqualTo(201);
            CountDownLatch started = new CountDownLatch(1);
            CountDownLatch enough = new CountDownLatch(1);
            server.engines
                    .getFirst()
                    .script
                    .set((options, sink, cancellation) -> {
                        started.countDown();
                        try {
                            enough.await();
                        } catch (InterruptedException stopping) {
                            Thread.currentThread().interrupt();
                        }
                        return ScriptedEngine.HELLO.run(options, sink, cancellation);
                    });
            var transcription =
                    CompletableFuture.supplyAsync(() -> {
                        try {
                            return server.transcribe("Acme/many:tiny", "-1");
                        } catch (Exception broken) {
                            throw new IllegalStateException(broken);
                        }
                    });
            started.await();
            HttpResponse<String> refused = server.ask("DELETE", "/v1/models/Acme/many");
            assertThat(refused.statusCode()).isEqualTo(409);
            assertThat(refused.body()).contains("'Acme/many:tiny' is in use (1 at the moment)");
            enough.countDown();
            assertThat(transcription.join().statusCode()).isEqualTo(200);
            assertThat(server.ask("DELETE", "/v1/models/Acme/many").statusCode()).isEqualTo(200);
            assertThat(server.ask("GET", "/api/ps").body()).contains("\"models\":[]");
        }
    }
}
