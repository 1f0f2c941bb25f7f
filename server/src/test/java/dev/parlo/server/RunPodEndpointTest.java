package dev.parlo.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.server.fileurl.FileFetcher;
import dev.parlo.server.http.Json;
import dev.parlo.server.runpod.TestApi;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** RunPod's endpoint as a developer has it on their own machine, over the whole application. */
class RunPodEndpointTest {
    @TempDir static Path folder;

    private static RunningServer server;
    private static FileFetcher fetcher;

    @BeforeAll
    static void serve() throws Exception {
        server = new RunningServer(folder);
        fetcher = server.fetcher();
    }

    @AfterAll
    static void end() {
        server.close();
        fetcher.close();
    }

    private static JsonNode ask(TestApi api, String path, String body) throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + api.port() + path));
        if (!body.isEmpty()) {
            request.header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(body));
        }
        try (HttpClient client = HttpClient.newHttpClient()) {
            return Json.mapper()
                    .readTree(
                            client.send(request.build(), HttpResponse.BodyHandlers.ofString())
                                    .body());
        }
    }

    @Test
    void theEndpointOnThisMachineAnswersAsRunPodsDoes() throws Exception {
        try (TestApi api = TestApi.start(server.application.url(), fetcher, "127.0.0.1", 0)) {
            String health = "{\"input\": {\"path\": \"/health\"}}";
            JsonNode done = ask(api, "/runsync", health);
            assertThat(done.path("status").asString()).isEqualTo("COMPLETED");
            assertThat(done.at("/output/message").asString()).isEqualTo("OK");
            String id = ask(api, "/run", health).path("id").asString();
            assertThat(ask(api, "/status/" + id, "").path("status").asString())
                    .isEqualTo("COMPLETED");
            assertThat(ask(api, "/status/" + id, "").path("error").asString())
                    .isEqualTo("Job ID not found");
            String streamed =
                    ask(
                                    api,
                                    "/run",
                                    "{\"input\": "
                                            + RunPodTest.transcription(
                                                    ", \"stream\": true", ", \"stream\": true")
                                            + "}")
                            .path("id")
                            .asString();
            assertThat(
                            ask(api, "/stream/" + streamed, "{}")
                                    .at("/stream/0/output/delta")
                                    .asString())
                    .isEqualTo(" Hello world.");
            String whole = ask(api, "/run", health).path("id").asString();
            assertThat(ask(api, "/stream/" + whole, "").path("status").asString())
                    .isEqualTo("FAILED");
            assertThat(
                            ask(api, "/runsync", "{\"input\": {\"path\": \"/no\"}}")
                                    .at("/error/status_code")
                                    .asInt())
                    .isEqualTo(404);
            assertThat(ask(api, "/runsync", "{}").path("detail").asString()).contains("input");
        }
    }
}
