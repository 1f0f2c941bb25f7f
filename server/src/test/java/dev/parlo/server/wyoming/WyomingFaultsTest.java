package dev.parlo.server.wyoming;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.server.DoorServer;
import dev.parlo.server.wyoming.WyomingClient.Received;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
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

/** Clients that send what is no event, too much or nothing, and a server that stops. */
class WyomingFaultsTest {
    @TempDir static Path folder;
    private static DoorServer server;

    @BeforeAll
    static void start() throws IOException {
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
