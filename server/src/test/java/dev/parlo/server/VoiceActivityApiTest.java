package dev.parlo.server;

import static dev.parlo.server.ListeningServer.RATE;
import static dev.parlo.server.ListeningServer.json;
import static dev.parlo.server.ListeningServer.sample;
import static dev.parlo.server.ListeningServer.signal;
import static dev.parlo.server.ListeningServer.wav;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.parlo.server.http.Json;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Where somebody speaks, over HTTP, with the real detectors and the built-in Whisper. */
class VoiceActivityApiTest {
    private static final String FALLBACK = "X-Parlo-Fallback";
    @TempDir static Path folder;
    private static ListeningServer server;

    @BeforeAll
    static void start() {
        server = new ListeningServer(folder);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void withoutSileroTheBuiltInDetectorAnswersAndSaysSo() throws Exception {
        double[] speech = sample();
        for (String[] fields : new String[][] {{}, {"model", "silero_vad_v5"}}) {
            HttpResponse<String> answer = server.timestamps(wav(speech), fields);
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/json");
            assertThat(answer.headers().firstValue(FALLBACK))
                    .hasValue(
                            "parlo/voice-activity; instead-of=\"silero_vad_v5\";"
                                    + " install=\"POST /v1/models/onnx-community/silero-vad\"");
            assertThat(answer.body()).matches("\\[\\{\"start\":\\d+,\"end\":\\d+\\}.*\\]");
        }
        HttpResponse<String> itself =
                server.timestamps(wav(speech), "model", "parlo/voice-activity");
        assertThat(itself.statusCode()).isEqualTo(200);
        assertThat(itself.headers().firstValue(FALLBACK)).isEmpty();
        assertThat(server.get("/v1/models?task=voice-activity-detection").body())
                .contains("\"id\":\"parlo/voice-activity\"", "\"language\":null");
        assertThat(server.get("/api/ps").body()).contains("parlo/voice-activity");
    }

    /** Installed or not, it is accepted where models are asked for. */
    @Test
    void theNameThatIsAlwaysAcceptedIsAModelOnEveryRouteThatShowsOrLoadsOne() throws Exception {
        JsonNode shown = json(server.get("/v1/models/silero_vad_v5"));
        assertThat(shown.path("id").asString()).isEqualTo("silero_vad_v5");
        assertThat(shown.path("task").asString()).isEqualTo("voice-activity-detection");
        assertThat(shown.path("alias_of").asString()).isEqualTo("parlo/voice-activity");
        assertThat(server.get("/v1/models?include_aliases=true").body())
                .contains("\"id\":\"silero_vad_v5\"");
        assertThat(server.get("/v1/models?include_aliases=true&task=text-to-speech").body())
                .doesNotContain("silero_vad_v5");
        assertThat(server.send("POST", "/api/ps/silero_vad_v5").statusCode()).isIn(201, 409);
        assertThat(server.get("/api/ps").body()).contains("parlo/voice-activity");
        assertThat(server.send("DELETE", "/api/ps/silero_vad_v5").statusCode()).isEqualTo(200);
        assertThat(server.get("/v1/models/silero_vad_v4").statusCode()).isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "vad_parameters[nope] | 1 | vad_parameters",
                "vad_parameters | {\"nope\": 1} | vad_parameters",
                "chunking_strategy[nope] | 1 | chunking_strategy",
                "vad_parameters[threshold][nope] | 1 | vad_parameters",
                "vad_parameters[] | 1 | vad_parameters"
            })
    void keysOfAnObjectThatThereAreNotAreRefusedInWhateverWayTheyAreSent(
            String field, String value, String named) throws Exception {
        HttpResponse<String> answer =
                server.transcribe(
                        wav(new double[RATE]), field, value, "vad_parameters[threshold]", "0.5");
        assertThat(answer.statusCode()).isEqualTo(422);
        assertThat(answer.body()).contains(named, "there is no such key");
    }

    @Test
    void everyWrongFieldOfTimestampsIsNamedAtOnce() throws Exception {
        HttpResponse<String> answer =
                server.timestamps(
                        wav(new double[RATE]),
                        "threshold",
                        "1.1",
                        "neg_threshold",
                        "NaN",
                        "min_speech_duration_ms",
                        "1.5",
                        "max_speech_duration_s",
                        "-0.1",
                        "min_silence_duration_ms",
                        "99999999999",
                        "speech_pad_ms",
                        "-1");
        assertThat(answer.statusCode()).isEqualTo(422);
        List<String> named = new ArrayList<>();
        json(answer).path("detail").forEach(item -> named.add(item.at("/loc/1").asString()));
        assertThat(named)
                .containsExactly(
                        "threshold",
                        "neg_threshold",
                        "min_speech_duration_ms",
                        "max_speech_duration_s",
                        "min_silence_duration_ms",
                        "speech_pad_ms");
    }

    @Test
    void badAudioAndUnknownModelsAreRefusedAsElsewhere() throws Exception {
        assertThat(server.timestamps("text, no sound".getBytes()).statusCode()).isEqualTo(415);
        assertThat(server.timestamps(new byte[0]).statusCode()).isEqualTo(400);
        assertThat(server.timestamps(wav(new double[RATE]), "model", "a/b").statusCode())
                .isEqualTo(404);
        HttpResponse<String> other =
                server.timestamps(wav(new double[RATE]), "model", ListeningServer.MODEL);
        assertThat(other.statusCode()).isEqualTo(404);
        assertThat(other.body()).contains("voice-activity-detection");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 496, 511, 512, 513, 1024})
    void audioOfAnyLengthHasAnAnswer(int length) throws Exception {
        double[] noise = signal(length / (double) RATE, t -> new Random(1).nextGaussian() / 10);
        assertThat(server.timestamps(wav(Arrays.copyOf(noise, length))).body()).isEqualTo("[]");
        HttpResponse<String> text = server.transcribe(wav(Arrays.copyOf(noise, length)));
        assertThat(text.statusCode()).isEqualTo(200);
        assertThat(json(text).path("text").asString()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "threshold, 0",
        "threshold, 1",
        "neg_threshold, 1",
        "max_speech_duration_s, 0",
        "max_speech_duration_s, inf",
        "min_speech_duration_ms, 86400000",
        "min_silence_duration_ms, 0",
        "speech_pad_ms, 86400000"
    })
    void optionsAtTheirEndsHaveAnAnswerWithinTheAudio(String name, String value) throws Exception {
        double[] speech = sample();
        JsonNode spans = json(server.timestamps(wav(speech), name, value));
        long before = 0;
        for (JsonNode span : spans) {
            assertThat(span.path("start").asLong()).isGreaterThanOrEqualTo(before);
            before = span.path("end").asLong();
            assertThat(before).isGreaterThanOrEqualTo(span.path("start").asLong());
        }
        assertThat(before).isLessThanOrEqualTo(speech.length * 1000L / RATE);
    }

    @Test
    void anInstalledSileroAnswersAndADamagedOneIsNamed(@TempDir Path models) throws Exception {
        Path shared = ProjectFiles.root().resolveSibling("shared");
        Path silero = shared.resolve("models/silero-vad/silero_vad.onnx");
        Path hello = shared.resolve("audio/hello-world.wav");
        assumeTrue(Files.exists(silero), "skipped: there is no " + silero);
        Path installed = Files.createDirectories(models.resolve("acme/silero-vad"));
        Path file = Files.copy(silero, installed.resolve("silero_vad.onnx"));
        byte[] audio = Files.readAllBytes(hello);
        try (ListeningServer other = listening(models)) {
            // The documented answers of Speaches.
            HttpResponse<String> answer = other.timestamps(audio);
            assertThat(answer.body()).isEqualTo("[{\"start\":64,\"end\":1323}]");
            assertThat(answer.headers().firstValue(FALLBACK)).isEmpty();
            assertThat(other.timestamps(audio, "max_speech_duration_s", "0.2").body())
                    .isEqualTo(
                            "[{\"start\":64,\"end\":256},{\"start\":288,\"end\":480},"
                                    + "{\"start\":512,\"end\":704},{\"start\":800,\"end\":992},"
                                    + "{\"start\":1024,\"end\":1216}]");
            assertThat(
                            other.timestamps(
                                            audio,
                                            "max_speech_duration_s",
                                            "0.2",
                                            "threshold",
                                            "0.99",
                                            "model",
                                            "acme/silero-vad")
                                    .body())
                    .isEqualTo(
                            "[{\"start\":96,\"end\":288},{\"start\":320,\"end\":512},"
                                    + "{\"start\":544,\"end\":736},{\"start\":832,\"end\":1024},"
                                    + "{\"start\":1056,\"end\":1248}]");
            assertThat(other.get("/v1/models?task=voice-activity-detection").body())
                    .contains("\"id\":\"acme/silero-vad\"", "\"format\":\"silero-vad\"");
            JsonNode loaded = Json.mapper().readTree(other.get("/api/ps").body());
            assertThat(loaded.at("/details/0/size_bytes").asLong()).isEqualTo(Files.size(file));
        }
        Files.write(file, new byte[5000]);
        try (ListeningServer other = listening(models)) {
            HttpResponse<String> answer = other.timestamps(audio);
            assertThat(answer.statusCode()).isEqualTo(500);
            assertThat(answer.body())
                    .contains("silero_vad.onnx")
                    .doesNotContain("acme/silero-vad/s");
            assertThat(other.transcribe(audio).statusCode()).isEqualTo(500);
            assertThat(other.transcribe(audio, "vad_filter", "false").statusCode()).isEqualTo(200);
        }
    }

    private static ListeningServer listening(Path models) {
        return new ListeningServer(
                folder.resolve("second"),
                "MODELS_PATH",
                models.toString(),
                "PARLO_CACHE_DIR",
                folder.resolve("cache").toString());
    }
}
