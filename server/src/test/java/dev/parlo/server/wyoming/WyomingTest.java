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
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
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

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\n",
                "[]",
                "{\"data\":{}}",
                "{\"type\":7}",
                "{\"type\":\"ping\",\"data_length\":-1}",
                "{\"type\":\"ping\",\"data_length\":99999999999}",
                "{\"type\":\"audio-chunk\",\"payload_length\":16777217}",
                "{\"type\":\"audio-chunk\",\"payload_length\":\"1\"}",
                "{\"type\":\"audio-start\"}",
                "{\"type\":\"audio-start\",\"data\":{\"rate\":0,\"width\":2,\"channels\":1}}",
                "{\"type\":\"audio-start\",\"data\":{\"rate\":16000,\"width\":9,\"channels\":1}}"
            })
    void whatIsNoEventIsToldAndTheConnectionEnds(String line) throws IOException {
        try (WyomingClient client = client()) {
            client.send(line);
            Received error = Objects.requireNonNull(client.read());
            assertThat(error.type()).isEqualTo("error");
            assertThat(error.data().path("text").asString()).isNotBlank();
            assertThat(client.read()).isNull();
        }
    }

    @Test
    void aClientsFaultIsCountedAsTheClients() throws IOException {
        try (WyomingClient client = client()) {
            client.send("{\"type\":\"ping\",\"data_length\":-1}");
            assertThat(Objects.requireNonNull(client.read()).type()).isEqualTo("error");
        }
        Awaitility.await()
                .untilAsserted(() ->
                        assertThat(server.get("/metrics").body())
                                .containsPattern(
                                        "parlo_session_duration_seconds_count\\{close=\"1008\",protocol=\"wyoming\"}"));
    }

    @Test
    void anEndlessHeaderIsNotKept() throws IOException {
        try (WyomingClient client = client()) {
            byte[] spaces = new byte[EventReader.LONGEST_HEADER + 1];
            Arrays.fill(spaces, (byte) ' ');
            client.send(spaces);
            assertThat(Objects.requireNonNull(client.read()).data().path("code").asString())
                    .isEqualTo("too_large");
        }
    }

    /** Recorded bytes, some of them changed, cut or doubled, then a client that asks as usual. */
    @Test
    void brokenBytesEndTheirOwnConnectionOnly() throws IOException {
        byte[] valid =
                ("{\"type\":\"transcribe\",\"data\":{\"language\":\"en\"}}\n"
                                + "{\"type\":\"audio-start\",\"data\":{\"rate\":16000,\"width\":2,"
                                + "\"channels\":1}}\n"
                                + "{\"type\":\"audio-chunk\",\"data_length\":2,"
                                + "\"payload_length\":8}\n{}01234567{\"type\":\"audio-stop\"}\n"
                                + "{\"type\":\"synthesize-start\"}\n"
                                + "{\"type\":\"synthesize-chunk\",\"data\":{\"text\":\"a\"}}\n"
                                + "{\"type\":\"synthesize-stop\"}\n")
                        .getBytes(UTF_8);
        Random random = new Random(3);
        for (int i = 0; i < 150; i++) {
            byte[] bytes = Arrays.copyOf(valid, valid.length);
            for (int k = random.nextInt(4); k > 0; k--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            try (WyomingClient client = client()) {
                client.send(Arrays.copyOf(bytes, 1 + random.nextInt(bytes.length)));
                client.endOutput();
                if (random.nextBoolean()) {
                    drain(client);
                }
            } catch (IOException refused) {
                // the server was done with it first
            }
        }
        try (WyomingClient client = client()) {
            client.send("{\"type\":\"ping\"}");
            assertThat(Objects.requireNonNull(client.read()).type()).isEqualTo("pong");
        }
        Awaitility.await().until(() -> uploads() == 0);
    }

    private static void drain(WyomingClient client) throws IOException {
        Received next = client.read();
        while (next != null) {
            next = client.read();
        }
    }

    private static long uploads() throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve("tmp"))) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> file.toString().endsWith(".audio"))
                    .count();
        }
    }

    @Test
    void aServerThatStopsEndsConnectionsThatWait() throws Exception {
        Path home = folder.resolve("stopping");
        DoorServer other = DoorServer.start(home, "WYOMING_PORT", "0");
        try (WyomingClient client = new WyomingClient(other.wyomingPort())) {
            client.send("{\"type\":\"ping\"}");
            assertThat(Objects.requireNonNull(client.read()).type()).isEqualTo("pong");
            other.close();
            assertThat(client.read()).isNull();
        }
    }

    @Test
    void aClientThatStopsInTheMiddleOrDoesNotReadIsCutOff() throws Exception {
        try (DoorServer strict =
                        DoorServer.start(
                                folder.resolve("strict"),
                                "WYOMING_PORT",
                                "0",
                                "WS_IDLE_TIMEOUT",
                                "1",
                                "WS_SEND_TIMEOUT",
                                "1");
                WyomingClient recording = new WyomingClient(strict.wyomingPort());
                WyomingClient text = new WyomingClient(strict.wyomingPort());
                WyomingClient waiting = new WyomingClient(strict.wyomingPort());
                WyomingClient deaf = new WyomingClient(strict.wyomingPort())) {
            String novel = "All work and no play makes Jack a dull boy. ".repeat(2000);
            deaf.send("{\"type\":\"synthesize\",\"data\":{\"text\":\"" + novel + "\"}}");
            recording.send(
                    "{\"type\":\"audio-start\",\"data\":{\"rate\":16000,\"width\":2,"
                            + "\"channels\":1}}");
            text.send("{\"type\":\"synthesize-start\"}");
            assertThat(recording.read()).isNull();
            assertThat(text.read()).isNull();
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> {
                        String running = strict.get("/api/ps").body();
                        return running.contains("espeak-ng/espeak-ng")
                                && !running.contains("\"leases\":1");
                    });
            // One that asks for nothing may be silent, as satellites are.
            waiting.send("{\"type\":\"ping\"}");
            assertThat(Objects.requireNonNull(waiting.read()).type()).isEqualTo("pong");
        }
    }

    @Test
    void whatOneClientMayHoldIsBounded() throws Exception {
        try (DoorServer small =
                        DoorServer.start(
                                folder.resolve("small"),
                                "WYOMING_PORT",
                                "0",
                                "MAX_HELD_BYTES",
                                "100000",
                                "WS_MAX_PER_CLIENT",
                                "1");
                WyomingClient client = new WyomingClient(small.wyomingPort())) {
            client.send("{\"type\":\"audio-chunk\",\"payload_length\":200000}");
            assertThat(Objects.requireNonNull(client.read()).data().path("text").asString())
                    .contains("MAX_HELD_BYTES");
            assertThat(client.read()).isNull();
        }
    }
}
