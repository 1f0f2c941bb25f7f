package dev.parlo.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.server.cli.Wiring;
import dev.parlo.server.device.Devices;
import dev.parlo.server.http.Json;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The whole program with its built-in model, over HTTP. */
@Tag("locale")
class ApplicationTest {
    private static final String MODEL = "parlo/whisper-nano.en";
    private static final String SENTENCE =
            "The scientists held off announcing their results until they repeated the experiment.";

    @TempDir static Path directory;
    private static Application application;
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @BeforeAll
    static void start() throws Exception {
        Path spool = Files.createDirectory(directory.resolve("spool"));
        Path home = ProjectFiles.root();
        Settings settings =
                SettingsLoader.load(
                        Map.of(
                                "UVICORN_HOST",
                                "127.0.0.1",
                                "UVICORN_PORT",
                                "0",
                                "HF_HUB_OFFLINE",
                                "1",
                                "HF_HOME",
                                directory.resolve("hub").toString(),
                                "PARLO_CACHE_DIR",
                                directory.resolve("cache").toString(),
                                "PARLO_TMP_DIR",
                                spool.toString()),
                        Map.of(),
                        home);
        Wiring wiring = Wiring.real();
        application =
                Application.start(
                        settings,
                        home,
                        Devices.onCpu(),
                        wiring.speechToText().apply(settings, Devices.onCpu()),
                        wiring.audio().apply(settings));
    }

    @AfterAll
    static void stop() {
        application.close();
        CLIENT.close();
    }

    private static HttpResponse<String> get(String path) throws Exception {
        return CLIENT.send(
                HttpRequest.newBuilder(URI.create(application.url() + path)).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static HttpResponse<String> transcribe(Path file, String... fields) throws Exception {
        StringBuilder head = new StringBuilder();
        for (int i = 0; i < fields.length; i += 2) {
            head.append("--b\r\nContent-Disposition: form-data; name=\"" + fields[i] + "\"\r\n\r\n")
                    .append(fields[i + 1])
                    .append("\r\n");
        }
        head.append("--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n");
        return CLIENT.send(
                HttpRequest.newBuilder(URI.create(application.url() + "/v1/audio/transcriptions"))
                        .header("Content-Type", "multipart/form-data; boundary=b")
                        .POST(
                                BodyPublishers.concat(
                                        BodyPublishers.ofString(head.toString()),
                                        BodyPublishers.ofFile(file),
                                        BodyPublishers.ofString("\r\n--b--\r\n")))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static Path sample() {
        return ProjectFiles.root().resolve("samples/the-scientists.flac");
    }

    @Test
    void theSampleIsTranscribedAndItsFileIsGone() throws Exception {
        HttpResponse<String> response = transcribe(sample(), "model", MODEL);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        assertThat(Json.mapper().readTree(response.body()).get("text").asString())
                .isEqualTo(SENTENCE);
        try (Stream<Path> left = Files.walk(directory.resolve("spool"))) {
            // The server's own folder is there, with the lock that tells it is in use.
            assertThat(left.filter(Files::isRegularFile).map(p -> p.getFileName().toString()))
                    .containsExactly("in-use");
        }
    }

    @Test
    void wordsHaveRisingTimes() throws Exception {
        HttpResponse<String> response =
                transcribe(
                        sample(),
                        "model",
                        MODEL,
                        "response_format",
                        "verbose_json",
                        "timestamp_granularities[]",
                        "word");
        JsonNode words = Json.mapper().readTree(response.body()).get("words");
        assertThat(words).hasSize(12);
        double last = 0;
        for (JsonNode word : words) {
            assertThat(word.get("start").asDouble()).isGreaterThanOrEqualTo(last);
            last = word.get("end").asDouble();
        }
        assertThat(last).isBetween(4.0, 5.07);
    }

    @Test
    void whatIsNoAudioIsRefusedBeforeAnythingIsSent() throws Exception {
        Path text =
                Files.writeString(directory.resolve("a.txt"), "These are words in a text file.");
        assertThat(transcribe(text, "model", MODEL).statusCode()).isEqualTo(415);
        assertThat(transcribe(text, "model", MODEL, "stream", "true").statusCode()).isEqualTo(415);
        Path empty = Files.createFile(directory.resolve("empty.wav"));
        assertThat(transcribe(empty, "model", MODEL).statusCode()).isEqualTo(400);
    }

    @Test
    void theBuiltInModelIsListedAndFoundByItsIdInBothSpellings() throws Exception {
        assertThat(get("/v1/models").body()).contains("\"id\":\"" + MODEL + "\"");
        assertThat(get("/v1/models/" + MODEL).statusCode()).isEqualTo(200);
        assertThat(get("/v1/models/parlo%2Fwhisper-nano.en").statusCode()).isEqualTo(200);
        assertThat(get("/v1/models/i-do-not-exist").statusCode()).isEqualTo(404);
    }

    @Test
    void probesAreAnswered() throws Exception {
        for (String path : new String[] {"/health", "/healthz", "/health/live", "/health/ready"}) {
            assertThat(get(path).statusCode()).as(path).isEqualTo(200);
        }
        assertThat(get("/health").body()).isEqualTo("{\"message\":\"OK\"}");
        assertThat(get("/v1/readyz").statusCode()).isEqualTo(404);
        assertThat(get("/v1/test").statusCode()).isEqualTo(404);
    }
}
