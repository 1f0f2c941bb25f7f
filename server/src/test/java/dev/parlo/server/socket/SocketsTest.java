package dev.parlo.server.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parlo.server.DoorServer;
import dev.parlo.server.SocketClient;
import dev.parlo.server.http.Json;
import dev.parlo.server.http.RawConnection;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.http.HttpResponse;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import javax.management.JMException;
import javax.management.ObjectName;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Keys, limits, the queue and clients that leave, over real WebSockets. */
final class SocketsTest {
    private static final String SPEECH =
            "/v1/text-to-speech/x/stream-input?output_format=pcm_48000";
    private static final String BOOK =
            "One of the many sentences of a very long book. ".repeat(4000);

    @TempDir static Path home;
    private static DoorServer server;

    /** Ends a connection soon on which nothing comes or goes. */
    private static DoorServer impatient;

    @BeforeAll
    static void start() throws Exception {
        server =
                DoorServer.start(
                        home,
                        "API_KEY",
                        "secret",
                        "WS_MAX_MESSAGE_BYTES",
                        "500000",
                        "TTS_QUEUE_SIZE",
                        "1");
        impatient =
                DoorServer.start(
                        home.resolve("impatient"),
                        "PARLO_CACHE_DIR",
                        home.resolve("cache").toString(),
                        "WS_IDLE_TIMEOUT",
                        "2",
                        "WS_SEND_TIMEOUT",
                        "1",
                        "TTS_QUEUE_SIZE",
                        "1");
    }

    @AfterAll
    static void stop() {
        server.close();
        impatient.close();
    }

    private static void refused(String path, String... headers) {
        assertThatThrownBy(() -> server.connect(path, headers))
                .cause()
                .isInstanceOfSatisfying(
                        WebSocketHandshakeException.class,
                        failure -> assertThat(failure.getResponse().statusCode()).isEqualTo(403));
    }

    private static String upgrade(String query, String version) throws IOException {
        try (RawConnection client = new RawConnection(server.uri("/").getPort())) {
            return ask(
                            client,
                            "/v1/text-to-speech/x/stream-input?authorization=secret" + query,
                            version)
                    .readUntil("\r\n\r\n");
        }
    }

    private static RawConnection ask(RawConnection client, String path, String version)
            throws IOException {
        return client.send(
                "GET "
                        + path
                        + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\n"
                        + "Upgrade: websocket\r\nSec-WebSocket-Version: "
                        + version
                        + "\r\nSec-WebSocket-Protocol: openai-insecure-api-key.wrong, realtime"
                        + "\r\nSec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4PEA==\r\n\r\n");
    }

    private static long instances(String type) throws JMException {
        Object histogram =
                ManagementFactory.getPlatformMBeanServer()
                        .invoke(
                                new ObjectName("com.sun.management:type=DiagnosticCommand"),
                                "gcClassHistogram",
                                new Object[] {null},
                                new String[] {String[].class.getName()});
        return histogram
                .toString()
                .lines()
                .filter(line -> line.contains(type))
                .mapToLong(line -> Long.parseLong(line.strip().split("\\s+")[1]))
                .sum();
    }

    @Test
    void aSocketThatIsGoneLeavesNoSessionBehindAndNoCookie() throws Exception {
        for (int i = 0; i < 30; i++) {
            assertThat(upgrade("", "13")).startsWith("HTTP/1.1 101 ").doesNotContain("Set-Cookie");
        }
        Awaitility.await()
                .pollInterval(Duration.ofMillis(200))
                .untilAsserted(() ->
                        assertThat(instances("org.eclipse.jetty.session.ManagedSession"))
                                .isLessThan(10));
    }

    @Test
    void anUpgradeThatIsNotWellMadeIsTheClientsFault() throws Exception {
        assertThat(upgrade("&language_code=%ff", "13")).startsWith("HTTP/1.1 400 ");
        assertThat(upgrade("", "7"))
                .startsWith("HTTP/1.1 426 ")
                .contains("Sec-WebSocket-Version: 13")
                .contains("application/json");
    }

    @ParameterizedTest
    @CsvSource({
        "403, 13, /v1/realtime?model=x, API key",
        "403, 13, /v1/tts/live, API key",
        "403, 13, /api-ws/v1/inference, API key",
        "403, 13, /api-ws/v1/inference/, API key",
        "403, 13, /v1/listen, API key",
        "403, 13, /v1/audio/transcriptions/stream, API key",
        "403, 13, /v1/text-to-speech/x/stream-input?authorization=wrong, API key",
        "400, 13, /v1/realtime?api_key=secret, intent=transcription",
        "422, 13, /v1/listen?api_key=secret&encoding=mp3, encoding",
        "400, 13, /v1/text-to-speech/x/stream-input?api_key=secret&language_code=%ff, query",
        "404, 13, /v1/audio/transcriptions/stream?api_key=secret&model=no/such, no/such",
        "426, 7, /v1/tts/live?api_key=secret, version",
        "404, 13, /v1/nothing?api_key=secret, Not Found"
    })
    void aRefusedUpgradeSaysWhyInTheJsonOfEveryError(
            int status, String version, String path, String why) throws Exception {
        try (RawConnection client = new RawConnection(server.uri("/").getPort())) {
            String answer = ask(client, path, version).readAnswer();
            assertThat(answer).startsWith("HTTP/1.1 " + status + " ");
            String head = answer.substring(0, answer.indexOf("\r\n\r\n"));
            assertThat(head)
                    .contains("Content-Type: application/json")
                    .doesNotContain("openai-insecure-api-key");
            JsonNode body = Json.mapper().readTree(answer.substring(head.length()));
            assertThat(body.at("/error/message").asString()).contains(why);
            assertThat(body.path("detail").toString()).isNotEmpty();
        }
    }

    @Test
    void aSocketOpensOnlyWithAKey() throws Exception {
        refused("/v1/tts/live");
        refused("/api-ws/v1/inference");
        refused("/v1/tts/live", "Authorization", "Bearer wrong");
        refused("/v1/tts/live?api_key=wrong", "Authorization", "Bearer secret");
        refused(SPEECH, "xi-api-key", "wrong");
        for (String[] way :
                new String[][] {
                    {"/v1/tts/live", "Authorization", "bearer secret"},
                    {"/v1/tts/live", "X-API-Key", "secret"},
                    {"/api-ws/v1/inference?api_key=secret"},
                    {SPEECH + "&authorization=secret"},
                    {SPEECH, "xi-api-key", "secret"}
                }) {
            String[] headers = java.util.Arrays.copyOfRange(way, 1, way.length);
            SocketClient client = server.connect(way[0], headers);
            assertThat(client.socket().isInputClosed()).as(way[0]).isFalse();
            client.socket().abort();
        }
    }

    @Test
    void elevenLabsKeyMayComeWithTheFirstMessage() throws Exception {
        SocketClient client = server.connect(SPEECH);
        client.send("{\"text\":\"Hello\",\"flush\":true,\"xi-api-key\":\"secret\"}");
        client.send("{\"text\":\"\"}");
        assertThat(client.json().path("audio").asString()).isNotEmpty();
        assertThat(client.closeCode()).isEqualTo(1000);
        SocketClient stranger = server.connect(SPEECH);
        stranger.send("{\"text\":\"Hello\",\"flush\":true}");
        JsonNode error = stranger.json();
        assertThat(error.path("error").asString()).isEqualTo("invalid_api_key");
        assertThat(stranger.closeCode()).isEqualTo(1008);
    }

    @Test
    void aMessageBeyondTheLimitEndsTheConnection() throws Exception {
        SocketClient client = server.connect(SPEECH, "xi-api-key", "secret");
        // the server may hang up before it is all sent
        client.socket().sendText("{\"text\":\"" + "a".repeat(600_000) + "\"}", true);
        assertThat(client.closeCode()).isEqualTo(1009);
    }

    @Test
    void silenceEndsTheConnection() throws Exception {
        SocketClient client = impatient.connect("/api-ws/v1/inference");
        assertThat(client.closeCode()).isEqualTo(1000);
    }

    @Test
    void whenTheQueueIsFullASocketIsRefused() throws Exception {
        SocketClient speaking = reader();
        SocketClient waiting = reader();
        awaitFullQueue();
        assertThatThrownBy(() -> server.connect(SPEECH, "xi-api-key", "secret"))
                .cause()
                .isInstanceOfSatisfying(
                        WebSocketHandshakeException.class,
                        failure -> assertThat(failure.getResponse().statusCode()).isEqualTo(429));
        speaking.socket().abort();
        waiting.socket().abort();
        awaitFreeQueue();
    }

    /** A client that has a book read to it, and takes what comes. */
    private static SocketClient reader() throws Exception {
        SocketClient client =
                server.connect(SPEECH.replace("48000", "8000"), "xi-api-key", "secret");
        client.send("{\"text\":\"" + BOOK + "\",\"flush\":true}");
        return client;
    }

    @Test
    void aClientThatDoesNotReadHoldsUpItsOwnSpeechAndIsCutOff() throws Exception {
        List<SocketClient> clients = new ArrayList<>();
        for (int i = 0; i < 2; i++) { // as many as there are places
            SocketClient client = impatient.connect(SPEECH);
            client.send("{\"text\":\"" + BOOK + "\",\"flush\":true}");
            assertThat(client.next()).isNotNull(); // it has its place
            client.stopReading();
            clients.add(client);
        }
        Awaitility.await().until(() -> say(impatient) == 200);
        clients.forEach(client -> client.socket().abort());
    }

    @Test
    void aFullQueueIs429OverHttp() throws Exception {
        SocketClient speaking = reader();
        SocketClient waiting = reader();
        awaitFullQueue();
        for (String[] door :
                new String[][] {
                    {"/v1/tts", "{\"text\":\"Hi\"}"},
                    {"/v1/text-to-speech/x", "{\"text\":\"Hi\"}"},
                    {"/v1/audio/stream_speech", "{\"input\":\"Hi\"}"}
                }) {
            HttpResponse<byte[]> answer = post(door[0], door[1]);
            assertThat(answer.statusCode()).as(door[0]).isEqualTo(429);
            assertThat(answer.headers().firstValue("Retry-After")).isPresent();
        }
        speaking.socket().abort();
        waiting.socket().abort();
        awaitFreeQueue();
    }

    @Test
    void aServerThatStopsSaysGoodBye(@TempDir Path folder) throws Exception {
        try (DoorServer stopping = DoorServer.start(folder)) {
            SocketClient quiet = stopping.connect("/v1/tts/live");
            SocketClient busy = stopping.connect(SPEECH.replace("48000", "8000"));
            busy.send("{\"text\":\"" + BOOK + "\",\"flush\":true}");
            busy.json();
            stopping.stop();
            assertThat(quiet.closeCode()).isEqualTo(1001);
            assertThat(busy.closeCode()).isIn(1001, 1006);
        }
    }

    private static HttpResponse<byte[]> post(String path, String json) throws Exception {
        return server.post(
                path, json.getBytes(StandardCharsets.UTF_8), "Authorization", "Bearer secret");
    }

    /** One is spoken to and one waits, which is all that has a place. */
    private static void awaitFullQueue() {
        Awaitility.await().until(() -> say(server) == 429);
    }

    /** A client that left holds no place any more. */
    private static void awaitFreeQueue() {
        Awaitility.await().until(() -> say(server) == 200);
    }

    private static int say(DoorServer server) throws Exception {
        byte[] json = "{\"text\":\"Hi\"}".getBytes(StandardCharsets.UTF_8);
        return server.post("/v1/tts", json, "Authorization", "Bearer secret").statusCode();
    }

    @Test
    void noMessageBreaksTheServer() throws Exception {
        Random random = new Random(7);
        String[] parts = {
            "{",
            "}",
            "[",
            "]",
            "\"text\"",
            "\"header\"",
            ":",
            ",",
            "null",
            "1e999",
            "\"\\ud800\"",
            "\"action\"",
            "\"run-task\"",
            "\"task_id\"",
            "\"payload\"",
            "\"x\"",
            "true",
            "-0"
        };
        String[] paths = {SPEECH, "/v1/tts/live", "/api-ws/v1/inference"};
        for (int i = 0; i < 60; i++) {
            SocketClient client = impatient.connect(paths[i % 3]);
            if (random.nextBoolean()) {
                byte[] bytes = new byte[random.nextInt(100)];
                random.nextBytes(bytes);
                // it may have waited too long for it already
                var unused = client.socket().sendBinary(ByteBuffer.wrap(bytes), true);
            } else {
                StringBuilder text = new StringBuilder();
                for (int k = random.nextInt(12); k >= 0; k--) {
                    text.append(parts[random.nextInt(parts.length)]);
                }
                var unused = client.socket().sendText(text.toString(), true);
            }
            SocketClient.Received answer = client.next();
            int code = answer.closeCode() != 0 ? answer.closeCode() : client.closeCode();
            assertThat(code).isIn(1000, 1008);
        }
        assertThat(
                        Json.mapper()
                                .readTree(impatient.get("/health").body())
                                .path("message")
                                .asString())
                .isEqualTo("OK");
    }
}
