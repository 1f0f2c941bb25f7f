package dev.parlo.server;

import static dev.parlo.server.RunningServer.BUILT_IN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parlo.server.http.Json;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The settings of {@code docker/gateway}: OpenAI's names only, and nothing stays loaded. */
class GatewayTest {
    private static final String ESPEAK = "espeak-ng/espeak-ng";

    @TempDir Path folder;

    private final List<String> names = new ArrayList<>();
    private RunningServer server;

    /** The example's file, with models in it that are installed here. */
    @BeforeEach
    void start() throws Exception {
        Path gateway = ProjectFiles.root().resolve("docker/gateway");
        JsonNode example =
                Json.mapper().readTree(Files.readString(gateway.resolve("model_aliases.json")));
        ObjectNode installed = Json.mapper().createObjectNode();
        example.propertyNames()
                .forEach(name -> {
                    names.add(name);
                    installed.put(name, name.contains("tts") ? ESPEAK : BUILT_IN);
                });
        Path aliases = folder.resolve("aliases.json");
        Files.writeString(aliases, Json.text(installed));
        List<String> settings = new ArrayList<>();
        for (String line : Files.readAllLines(gateway.resolve("gateway.env"))) {
            if (!line.startsWith("#")) {
                String[] parts = line.split("=", 2);
                settings.add(parts[0]);
                settings.add(parts[0].equals("MODEL_ALIASES_PATH") ? aliases.toString() : parts[1]);
            }
        }
        server = new RunningServer(folder, settings.toArray(String[]::new));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private HttpResponse<String> speak(String more) throws Exception {
        return server.json(
                "/v1/audio/speech", "{\"model\": \"tts-1\", \"input\": \"Hello.\"" + more + "}");
    }

    @Test
    void theFiveNamesAreAllThatIsListed() throws Exception {
        JsonNode list = Json.mapper().readTree(server.ask("GET", "/v1/models").body());
        assertThat(list.path("data").valueStream().map(model -> model.path("id").asString()))
                .containsExactlyInAnyOrderElementsOf(names)
                .hasSize(5);
    }

    @Test
    void everyNameAnswersAndIsUnloadedAfterwards() throws Exception {
        for (String name : names) {
            HttpResponse<String> answer =
                    name.contains("tts")
                            ? server.json(
                                    "/v1/audio/speech",
                                    "{\"model\": \"" + name + "\", \"input\": \"Hello.\"}")
                            : server.form(
                                    "/v1/audio/transcriptions",
                                    "model",
                                    name,
                                    "language",
                                    "en",
                                    "prompt",
                                    "Names",
                                    "temperature",
                                    "0",
                                    "response_format",
                                    "verbose_json",
                                    "timestamp_granularities[]",
                                    "word");
            assertThat(answer.statusCode()).as(name + " " + answer.body()).isEqualTo(200);
            await().until(() -> server.ask("GET", "/api/ps").body().contains("\"models\":[]"));
        }
    }

    @Test
    void anUnknownVoiceIsAnsweredByTheFirstOne() throws Exception {
        assertThat(speak(", \"voice\": \"nobody-has-this-name\"").statusCode()).isEqualTo(200);
    }

    @Test
    void bothStreamFormatsAreThere() throws Exception {
        HttpResponse<String> audio = speak(", \"stream_format\": \"audio\"");
        assertThat(audio.headers().firstValue("Content-Type")).hasValue("audio/mpeg");
        HttpResponse<String> events = speak(", \"stream_format\": \"sse\"");
        assertThat(events.body()).contains("speech.audio.delta", "speech.audio.done");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/openapi.json", "/docs", "/redoc", "/healthz"})
    void itsPagesAreThere(String path) throws Exception {
        assertThat(server.ask("GET", path).statusCode()).isEqualTo(200);
    }
}
