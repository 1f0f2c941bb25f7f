package dev.parlo.server;

import static dev.parlo.server.RunningServer.REMOTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parlo.server.http.Json;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** {@code PRELOAD_MODELS}, over HTTP. */
class PreloadApiTest {
    private static final String ON_CPU =
            ",\"devices\":{\"whisper\":{\"device\":\"cpu\",\"reason\":\"as set\"},"
                    + "\"kokoro\":{\"device\":\"cpu\",\"reason\":\"as set\"}}";

    @TempDir Path folder;

    private static void is(HttpResponse<String> response, int status, String body) {
        assertThat(response.body()).isEqualTo(body);
        assertThat(response.statusCode()).isEqualTo(status);
    }

    private static JsonNode json(HttpResponse<String> response) {
        return Json.mapper().readTree(response.body());
    }

    @Test
    void preloadedModelIsThereOnceTheServerIsReady() throws Exception {
        try (RunningServer server =
                new RunningServer(folder, "PRELOAD_MODELS", "[\"Acme/none\", \"Acme/tiny\"]")) {
            Awaitility.await().until(() -> server.ask("GET", "/health/ready").statusCode() == 200);
            is(
                    server.ask("GET", "/health/ready"),
                    200,
                    "{\"message\":\"OK\",\"not_preloaded\":[\"Acme/none\"]" + ON_CPU + "}");
            JsonNode running = json(server.ask("GET", "/api/ps"));
            assertThat(running.path("models").toString()).isEqualTo("[\"Acme/tiny\"]");
            JsonNode failed = running.at("/details/1");
            assertThat(failed.path("id").asString()).isEqualTo("Acme/none");
            assertThat(failed.path("state").asString()).isEqualTo("failed");
            assertThat(failed.path("error").asString()).isEqualTo("Model 'Acme/none' not found");
        }
    }

    @Test
    void serverIsNotReadyWhileItPreloads() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                RunningServer server =
                        new RunningServer(
                                folder,
                                "PRELOAD_MODELS",
                                "[\"a/b\"]",
                                "HF_ENDPOINT",
                                "http://127.0.0.1:" + silent.getLocalPort(),
                                "HF_HUB_ETAG_TIMEOUT",
                                "3600")) {
            assertThat(server.ask("GET", "/health/ready").statusCode()).isEqualTo(503);
            assertThat(server.ask("HEAD", "/health/ready").statusCode()).isEqualTo(503);
            assertThat(server.ask("GET", "/ping").statusCode()).isEqualTo(204);
            assertThat(server.ask("HEAD", "/ping").statusCode()).isEqualTo(204);
            assertThat(server.ask("HEAD", "/health/live").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void aModelThatIsLoadedAfterAllHasNotFailed() throws Exception {
        try (RunningServer server =
                new RunningServer(
                        folder, "PRELOAD_MODELS", "[\"Acme/tiny\"]", "HF_HUB_OFFLINE", "1")) {
            Awaitility.await().until(() -> server.ask("GET", "/health/ready").statusCode() == 200);
            assertThat(server.ask("GET", "/api/ps").body())
                    .contains("\"models\":[]", "\"state\":\"failed\"", "HF_HUB_OFFLINE is set");
            Path snapshot = server.cache.resolve("models--Acme--tiny/snapshots/" + "0".repeat(40));
            Files.createDirectories(snapshot);
            try (Stream<Path> files = Files.list(folder.resolve("hub/Acme/tiny"))) {
                for (Path file : files.toList()) {
                    Files.copy(file, snapshot.resolve(file.getFileName().toString()));
                }
            }
            assertThat(server.ask("POST", "/api/ps/" + REMOTE).statusCode()).isEqualTo(201);
            assertThat(server.ask("GET", "/api/ps").body()).doesNotContain("failed");
            is(server.ask("GET", "/health/ready"), 200, "{\"message\":\"OK\"" + ON_CPU + "}");
        }
    }

    @Test
    void strictPreloadEndsTheStart() {
        assertThatThrownBy(() ->
                        new RunningServer(
                                folder,
                                "PRELOAD_MODELS",
                                "[\"Acme/none\"]",
                                "PRELOAD_STRICT",
                                "true"))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("Acme/none");
    }
}
