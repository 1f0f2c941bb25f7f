package dev.parlo.server.wyoming;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.server.DoorServer;
import dev.parlo.server.http.Json;
import dev.parlo.server.wyoming.WyomingClient.Received;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class WyomingTest {
    @TempDir static Path folder;
    private static DoorServer server;

    @BeforeAll
    static void start() throws IOException {
        Path unlabelled = Files.createDirectories(folder.resolve("models/zeta/unlabelled"));
        Files.writeString(unlabelled.resolve("config.json"), "{\"suppress_ids\": []}");
        Files.writeString(unlabelled.resolve("vocabulary.txt"), "a\nb\n");
        Files.writeString(unlabelled.resolve("tokenizer.json"), "{}");
        Files.write(unlabelled.resolve("model.bin"), new byte[100]);
        server =
                DoorServer.start(
                        folder,
                        "WYOMING_PORT",
                        "0",
                        "PARLO_TMP_DIR",
                        folder.resolve("tmp").toString());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static WyomingClient client() throws IOException {
        return new WyomingClient(server.wyomingPort());
    }

    private static byte[] tone(int samples) {
        ByteBuffer pcm = ByteBuffer.allocate(2 * samples).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < samples; i++) {
            pcm.putShort((short) (8000 * Math.sin(i * 0.1)));
        }
        return pcm.array();
    }

    @Test
    void homeAssistantIsToldWhatThereIsInTheShapeThatItReads() throws IOException {
        try (WyomingClient client = client()) {
            client.send("{\"type\":\"describe\",\"version\":\"1.9.0\"}");
            Received info = Objects.requireNonNull(client.read());
            assertThat(info.type()).isEqualTo("info");
            assertThat(info.header()).hasSizeLessThan(200).contains("\"version\":");
            for (String program : List.of("asr", "tts")) {
                JsonNode first = info.data().path(program).path(0);
                artifact(first);
                JsonNode choices = first.path(program.equals("asr") ? "models" : "voices");
                assertThat(choices.isEmpty()).isFalse();
                for (JsonNode choice : choices) {
                    artifact(choice);
                    assertThat(choice.path("languages").isArray()).isTrue();
                }
            }
            assertThat(info.data().at("/asr/0/models/0/name").asString()).isEqualTo("parlo/small");
            assertThat(info.data().at("/asr/0/models/0/languages/0").asString()).isEqualTo("en");
            // Home Assistant offers a model by its languages, so that each one needs some.
            assertThat(info.data().at("/asr/0/models/1/name").asString())
                    .isEqualTo("zeta/unlabelled");
            assertThat(info.data().at("/asr/0/models/1/languages").size()).isGreaterThan(90);
            assertThat(info.data().at("/tts/0/supports_synthesize_streaming").asBoolean()).isTrue();
            List<String> names = new ArrayList<>();
            info.data()
                    .at("/tts/0/voices")
                    .forEach(voice -> names.add(voice.path("name").asString()));
            assertThat(names).doesNotHaveDuplicates().contains("en-us");
            // Home Assistant groups voices by their languages, as it writes them itself.
            List<String> languages = new ArrayList<>();
            info.data()
                    .at("/tts/0/voices")
                    .forEach(voice -> languages.add(voice.at("/languages/0").asString()));
            assertThat(languages)
                    .contains("en-US", "pt-BR", "fa-Latn", "de")
                    .doesNotContain("en-us", "und");
            for (String other : List.of("handle", "intent", "wake", "mic", "snd")) {
                assertThat(info.data().path(other).isArray()).isTrue();
            }
        }
    }

    /** What Python's dataclass requires of everything. */
    private static void artifact(JsonNode node) {
        assertThat(node.propertyNames())
                .contains("name", "attribution", "installed", "description", "version");
        assertThat(node.path("installed").asBoolean()).isTrue();
        assertThat(node.path("attribution").propertyNames()).contains("name", "url");
    }

    @Test
    void dataComesInTheHeaderInABlockOrInBothAndTheBlockWins() throws IOException {
        try (WyomingClient client = client()) {
            client.send(
                    "{\"type\":\"ping\",\"data\":{\"text\":\"x\"}}",
                    "{\"type\":\"unheard-of\",\"data\":null}",
                    "{\"type\":\"ping\",\"data\":null}",
                    "{\"type\":\"ping\",\"data\":{\"text\":\"a\"},\"data_length\":14}");
            client.send("{\"text\":\"bö".getBytes(UTF_8));
            client.send("\"}".getBytes(UTF_8));
            assertThat(Objects.requireNonNull(client.read()).data().path("text").asString())
                    .isEqualTo("x");
            assertThat(Objects.requireNonNull(client.read()).data().path("text").asString(""))
                    .isEmpty();
            Received both = Objects.requireNonNull(client.read());
            assertThat(both.type()).isEqualTo("pong");
            assertThat(both.data().path("text").asString()).isEqualTo("bö");
        }
    }

    @Test
    void aRecordingIsAnsweredByOneTranscriptAfterItsParts() throws IOException {
        try (WyomingClient client = client()) {
            for (int turn = 0; turn < 2; turn++) {
                client.send(
                        "{\"type\":\"transcribe\",\"data\":{\"language\":\"en-US\"}}",
                        "{\"type\":\"audio-start\",\"data\":{\"rate\":16000,\"width\":2,"
                                + "\"channels\":1,\"timestamp\":0}}");
                byte[] tone = tone(8000);
                client.sendChunk(Arrays.copyOfRange(tone, 0, 6000));
                client.send("{\"type\":\"ping\",\"data\":{\"text\":\"meanwhile\"}}");
                client.sendChunk(Arrays.copyOfRange(tone, 6000, 6001)); // half a sample
                client.sendChunk(Arrays.copyOfRange(tone, 6001, tone.length));
                client.send("{\"type\":\"audio-stop\",\"data\":{\"timestamp\":null}}");
                List<Received> answers = client.readTo("transcript-stop");
                assertThat(answers.stream().map(Received::type))
                        .containsExactly(
                                "pong",
                                "transcript-start",
                                "transcript-chunk",
                                "transcript-chunk",
                                "transcript",
                                "transcript-stop");
                assertThat(answers.get(4).data().path("text").asString())
                        .isEqualTo("Hello world. Good bye.");
                assertThat(answers.get(2).data().path("text").asString())
                        .isEqualTo(" Hello world.");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"rate\":48000,\"width\":4,\"channels\":2}",
                "{\"rate\":8000,\"width\":1,\"channels\":1}",
                "{\"rate\":22050,\"width\":3,\"channels\":1}"
            })
    void samplesOfAnyFormatAreHeard(String format) throws IOException {
        try (WyomingClient client = client()) {
            client.send("{\"type\":\"audio-start\",\"data\":" + format + "}");
            client.send("{\"type\":\"audio-chunk\",\"payload_length\":96000}");
            client.send(new byte[96_000]);
            client.send("{\"type\":\"audio-stop\"}");
            client.endOutput();
            assertThat(client.readTo("transcript").getLast().data().path("text").asString())
                    .isEqualTo("Hello world. Good bye.");
        }
    }

    @Test
    void whereNothingWasRecordedTheTranscriptIsEmpty() throws IOException {
        try (WyomingClient client = client()) {
            client.send("{\"type\":\"transcribe\"}", "{\"type\":\"audio-stop\"}");
            assertThat(client.readTo("transcript").getLast().data().path("text").asString("-"))
                    .isEmpty();
            client.send(
                    "{\"type\":\"audio-start\",\"data\":{\"rate\":16000,\"width\":2,"
                            + "\"channels\":1}}",
                    "{\"type\":\"audio-stop\"}");
            assertThat(client.readTo("transcript").getLast().data().path("text").asString("-"))
                    .isEmpty();
        }
    }

    private static int audioBytes(List<Received> events) {
        return events.stream().mapToInt(event -> event.payload().length).sum();
    }

    @Test
    void aTextIsSpokenBetweenAStartAndAStop() throws IOException {
        try (WyomingClient client = client()) {
            client.send(
                    "{\"type\":\"synthesize\",\"data\":{\"text\":\"Good morning.\",\"voice\":{"
                            + "\"name\":\"en-us\"}}}");
            List<Received> spoken = client.readTo("audio-stop");
            assertThat(spoken.getFirst().type()).isEqualTo("audio-start");
            assertThat(Json.text(spoken.getFirst().data()))
                    .isEqualTo("{\"rate\":24000,\"width\":2,\"channels\":1}");
            assertThat(spoken.subList(1, spoken.size() - 1))
                    .allSatisfy(chunk -> {
                        assertThat(chunk.type()).isEqualTo("audio-chunk");
                        assertThat(chunk.data()).isEqualTo(spoken.getFirst().data());
                    });
            assertThat(audioBytes(spoken)).isGreaterThan(24_000);

            client.send("{\"type\":\"synthesize\",\"data\":{\"text\":\"\"}}");
            assertThat(client.readTo("audio-stop").stream().map(Received::type))
                    .containsExactly("audio-start", "audio-stop");
            client.send(
                    "{\"type\":\"synthesize\",\"data\":{\"text\":\"<speak>Two <break"
                            + " time='100ms'/> words</speak>\",\"text_format\":\"ssml\","
                            + "\"voice\":{\"name\":\"nobody\"}}}");
            assertThat(audioBytes(client.readTo("audio-stop"))).isGreaterThan(10_000);
            client.send(
                    "{\"type\":\"synthesize\",\"data\":{\"text\":\"Guten Tag.\",\"voice\":{"
                            + "\"language\":\"de_DE\"}}}");
            assertThat(audioBytes(client.readTo("audio-stop"))).isGreaterThan(10_000);
        }
    }

    @Test
    void aTextThatComesInPiecesIsSpokenOnceAndEndsWithItsStop() throws IOException {
        try (WyomingClient client = client()) {
            client.send(
                    "{\"type\":\"synthesize-start\",\"data\":{\"voice\":{\"name\":\"en-us\"}}}",
                    "{\"type\":\"synthesize-chunk\",\"data\":{\"text\":\"Hello wor\"}}",
                    "{\"type\":\"synthesize-chunk\",\"data\":{\"text\":\"ld to all of you. How"
                            + " are\"}}");
            // It sounds before the text is whole.
            List<Received> early = client.readTo("audio-chunk");
            client.send(
                    "{\"type\":\"synthesize-chunk\",\"data\":{\"text\":\" you?\"}}",
                    "{\"type\":\"synthesize\",\"data\":{\"text\":\"Hello world to all of you. How"
                            + " are you?\"}}",
                    "{\"type\":\"synthesize-stop\"}");
            List<Received> spoken = client.readTo("synthesize-stopped");
            assertThat(early.stream().map(Received::type))
                    .containsExactly("audio-start", "audio-chunk");
            assertThat(spoken.stream().filter(event -> event.type().equals("audio-start")))
                    .isEmpty();
            assertThat(spoken.get(spoken.size() - 2).type()).isEqualTo("audio-stop");
            double seconds = audioBytes(spoken) / 48_000.0;
            assertThat(seconds).isBetween(1.0, 5.0);

            client.send("{\"type\":\"synthesize-start\"}", "{\"type\":\"synthesize-stop\"}");
            assertThat(Objects.requireNonNull(client.read()).type())
                    .isEqualTo("synthesize-stopped");
        }
    }
}
