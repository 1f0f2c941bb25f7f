package dev.parlo.server.captions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parlo.server.DoorServer;
import dev.parlo.server.SocketClient;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.WebSocketHandshakeException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class CaptionTest {
    private static final String PATH = "/v1/audio/transcriptions/stream";
    private static final String SAID = "Hello world. Good bye.";

    @TempDir static Path folder;
    private static DoorServer server;

    /** A spoken sentence between two silences, 16 kHz. */
    private static byte[] speech;

    @BeforeAll
    static void start() throws Exception {
        server = DoorServer.start(folder);
        byte[] spoken =
                server.postJson(
                                "/v1/audio/speech",
                                "{\"model\":\"tts-1\",\"input\":\"The scientists held off announcing"
                                        + " their results.\",\"voice\":\"en-us\","
                                        + "\"response_format\":\"pcm\",\"sample_rate\":16000}")
                        .body();
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(new byte[16_000]);
        all.writeBytes(spoken);
        all.writeBytes(new byte[64_000]);
        speech = all.toByteArray();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static void speak(SocketClient client) {
        for (int from = 0; from < speech.length; from += 3201) { // across samples
            client.send(Arrays.copyOfRange(speech, from, Math.min(speech.length, from + 3201)));
        }
    }

    private static List<JsonNode> to(SocketClient client, String type) throws Exception {
        List<JsonNode> messages = new ArrayList<>();
        while (messages.isEmpty() || !messages.getLast().path("type").asString().equals(type)) {
            messages.add(client.json());
        }
        return messages;
    }

    private static List<String> types(List<JsonNode> messages) {
        return messages.stream()
                .map(message -> message.path("type").asString())
                .filter(type -> !type.equals("partial"))
                .toList();
    }

    @Test
    void whatIsSaidIsToldWithItsTimesAndTheStreamEndsInOrder() throws Exception {
        SocketClient client = server.connect(PATH + "?model=whisper&language=en&words=true");
        speak(client);
        client.send("{\"type\":\"close\"}");
        List<JsonNode> messages = to(client, "done");
        assertThat(types(messages))
                .containsExactly("ready", "speech_started", "speech_stopped", "final", "done");
        assertThat(messages.getFirst().path("model").asString()).isEqualTo("parlo/small");
        JsonNode last = messages.get(messages.size() - 2);
        assertThat(last.path("text").asString()).isEqualTo(SAID);
        assertThat(last.path("turn").asInt()).isEqualTo(1);
        double start = last.path("start").asDouble();
        assertThat(start).isBetween(0.0, 1.0);
        assertThat(last.at("/segments/0/start").asDouble()).isGreaterThan(start);
        assertThat(last.at("/segments/0/words/0/word").asString()).isEqualTo(" Hello");
        assertThat(messages.getLast().path("duration").asDouble())
                .isEqualTo(ParloCaptions.rounded(speech.length / 32_000.0));
        assertThat(client.closeCode()).isEqualTo(1000);
    }

    @Test
    void wordsAreToldBeforeTheTurnIsOver() throws Exception {
        SocketClient client = server.connect(PATH);
        client.send(Arrays.copyOf(speech, speech.length - 64_000));
        JsonNode partial = to(client, "partial").getLast();
        assertThat(partial.path("text").asString()).isNotBlank();
        client.send("{\"type\":\"finalize\"}");
        assertThat(to(client, "final").getLast().path("text").asString()).isEqualTo(SAID);
        client.socket().abort();
    }

    @Test
    void withoutVoiceActivityTheClientEndsTurns() throws Exception {
        SocketClient client =
                server.connect(
                        PATH
                                + "?vad=false&interim_results=false&sample_rate=8000"
                                + "&encoding=mulaw&channels=2");
        client.send(new byte[16_000]);
        client.send("{\"type\":\"finalize\"}");
        List<JsonNode> messages = to(client, "final");
        assertThat(types(messages)).containsExactly("ready", "final");
        assertThat(messages.getLast().path("end").asDouble()).isBetween(0.98, 1.0);
        client.send("{\"type\":\"close\"}");
        assertThat(client.closeCode()).isEqualTo(1000);
    }

    @Test
    void deepgramsClientsAreAnsweredInTheirMessages() throws Exception {
        SocketClient client =
                server.connect(
                        "/v1/listen?model=nova-3&encoding=linear16&sample_rate=16000"
                                + "&interim_results=true&endpointing=300&smart_format=true",
                        "Authorization",
                        "Token anything");
        client.send("{\"type\":\"KeepAlive\"}");
        speak(client);
        client.send("{\"type\":\"CloseStream\"}");
        assertThat(client.json().path("type").asString()).isEqualTo("Metadata");
        List<JsonNode> messages = to(client, "Metadata");
        assertThat(messages.getFirst().path("type").asString()).isEqualTo("SpeechStarted");
        JsonNode results =
                messages.stream()
                        .filter(message -> message.path("is_final").asBoolean(false))
                        .findFirst()
                        .orElseThrow();
        JsonNode alternative = results.at("/channel/alternatives/0");
        assertThat(alternative.path("transcript").asString()).isEqualTo(SAID);
        assertThat(alternative.path("confidence").asDouble()).isBetween(0.0, 1.0);
        JsonNode word = alternative.at("/words/1");
        assertThat(word.path("word").asString()).isEqualTo("world");
        assertThat(word.path("punctuated_word").asString()).isEqualTo("world.");
        assertThat(results.path("speech_final").asBoolean()).isTrue();
        assertThat(messages.getLast().path("duration").asDouble()).isPositive();
        assertThat(client.closeCode()).isEqualTo(1000);
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/audio/transcriptions/stream?sample_rate=7, 422",
        "/v1/audio/transcriptions/stream?encoding=mp3, 422",
        "/v1/audio/transcriptions/stream?threshold=2, 422",
        "/v1/audio/transcriptions/stream?model=acme/none, 404",
        "/v1/listen, 422",
        "/v1/listen?encoding=opus, 422"
    })
    void aWrongAddressIsRefusedBeforeTheUpgrade(String path, int status) {
        assertThatThrownBy(() -> server.connect(path))
                .isInstanceOfSatisfying(
                        ExecutionException.class,
                        failure ->
                                assertThat(failure.getCause())
                                        .isInstanceOfSatisfying(
                                                WebSocketHandshakeException.class,
                                                refused ->
                                                        assertThat(
                                                                        refused.getResponse()
                                                                                .statusCode())
                                                                .isEqualTo(status)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"hello", "{}", "[1]", "{\"type\":\"sing\"}", "{\"type\":7}"})
    void aMessageThatIsNotUnderstoodIsToldAndEndsTheStream(String message) throws Exception {
        SocketClient client = server.connect(PATH);
        client.send(message);
        JsonNode error = to(client, "error").getLast();
        assertThat(error.at("/error/message").asString()).contains("finalize");
        assertThat(client.closeCode()).isEqualTo(1008);
    }

    /** Samples of any values in messages of any length, and orders between them. */
    @Test
    void noiseIsHeardWithoutHarm() throws Exception {
        Random random = new Random(5);
        SocketClient client = server.connect(PATH + "?silence_duration_ms=100");
        for (int i = 0; i < 60; i++) {
            byte[] noise = new byte[1 + random.nextInt(5000)];
            random.nextBytes(noise);
            client.send(noise);
            if (random.nextInt(5) == 0) {
                client.send("{\"type\":\"finalize\"}");
            }
        }
        client.send("{\"type\":\"close\"}");
        to(client, "done");
        assertThat(client.closeCode()).isEqualTo(1000);
    }

    @Test
    void aKeyIsNeededWhereThereAreKeys() throws IOException {
        try (DoorServer closed = DoorServer.start(folder.resolve("closed"), "API_KEY", "secret")) {
            assertThatThrownBy(() -> closed.connect(PATH)).isInstanceOf(ExecutionException.class);
        }
    }

    @ParameterizedTest
    @CsvSource({"Authorization, Token secret", "Authorization, Bearer secret", "X-API-Key, secret"})
    void theKeyMayComeAsDeepgramSendsIt(String name, String value) throws Exception {
        try (DoorServer closed =
                DoorServer.start(folder.resolve(value.replace(' ', '-')), "API_KEY", "secret")) {
            SocketClient client = closed.connect(PATH, name, value);
            assertThat(client.json().path("type").asString()).isEqualTo("ready");
            client.socket().abort();
        }
    }
}
