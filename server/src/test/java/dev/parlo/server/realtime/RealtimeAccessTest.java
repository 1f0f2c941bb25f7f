package dev.parlo.server.realtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parlo.server.DoorServer;
import dev.parlo.server.SocketClient;
import dev.parlo.server.http.Json;
import dev.parlo.server.http.RawConnection;
import java.net.http.HttpResponse;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Who may open a session, how many, and for how long. */
final class RealtimeAccessTest {
    @TempDir static Path home;
    private static DoorServer server;

    @BeforeAll
    static void start() throws Exception {
        server =
                DoorServer.start(
                        home,
                        "API_KEY",
                        "secret",
                        "REALTIME_MAX_SESSIONS",
                        "2",
                        "WS_MAX_MESSAGE_BYTES",
                        "100000");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static void refused(int status, String path, String... headers) {
        assertThatThrownBy(() -> server.connect(path, headers))
                .cause()
                .isInstanceOfSatisfying(
                        WebSocketHandshakeException.class,
                        failure ->
                                assertThat(failure.getResponse().statusCode()).isEqualTo(status));
    }

    /** Closes it and waits until its place is free. */
    private static void greeted(String path, String... headers) throws Exception {
        RealtimeClient client = new RealtimeClient(server.connect(path, headers));
        client.await("session.created");
        client.socket().socket().abort();
    }

    private static String upgrade(String protocols) throws Exception {
        try (RawConnection raw = new RawConnection(server.uri("/").getPort())) {
            return raw.send(
                            "GET /v1/realtime?model=m HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection:"
                                    + " Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version:"
                                    + " 13\r\nSec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4PEA==\r\n"
                                    + "Sec-WebSocket-Protocol: "
                                    + protocols
                                    + "\r\n\r\n")
                    .readUntil("\r\n\r\n");
        }
    }

    private static JsonNode post(String path, String body) throws Exception {
        HttpResponse<byte[]> answer =
                server.post(
                        path,
                        body.getBytes(StandardCharsets.UTF_8),
                        "Authorization",
                        "Bearer secret",
                        "Content-Type",
                        "application/json");
        return Json.mapper().readTree(answer.body());
    }

    @Test
    void aSessionOpensWithAKeyInAnyOfItsPlaces() throws Exception {
        refused(403, "/v1/realtime?model=m");
        refused(403, "/v1/realtime?model=m", "Authorization", "Bearer wrong");
        refused(403, "/v1/realtime?model=m", "Authorization", "Bearer ek_wrong");
        refused(400, "/v1/realtime", "Authorization", "Bearer secret");
        for (String[] way :
                new String[][] {
                    {"?model=m&api_key=secret"},
                    {"?model=m", "Authorization", "Bearer secret"},
                    {"?intent=transcription", "X-API-Key", "secret"}
                }) {
            Awaitility.await()
                    .ignoreExceptions()
                    .until(() -> {
                        greeted(
                                "/v1/realtime" + way[0],
                                java.util.Arrays.copyOfRange(way, 1, way.length));
                        return true;
                    });
        }
        Awaitility.await()
                .until(() ->
                        upgrade("realtime, openai-insecure-api-key.secret")
                                .contains("Sec-WebSocket-Protocol: realtime\r\n"));
        assertThat(upgrade("realtime, openai-insecure-api-key.wrong")).startsWith("HTTP/1.1 403");
        // Whatever comes first, a key is never sent back.
        Awaitility.await()
                .until(() ->
                        upgrade("openai-insecure-api-key.secret, realtime")
                                .contains("Sec-WebSocket-Protocol: realtime\r\n"));
    }

    @Test
    void aShortLivedKeyOpensTheSessionItWasMadeForAndNothingElse() throws Exception {
        long before = Instant.now().getEpochSecond();
        JsonNode made =
                post(
                        "/v1/realtime/client_secrets",
                        "{\"expires_after\":{\"anchor\":\"created_at\",\"seconds\":600},\"session\":"
                                + "{\"type\":\"realtime\",\"model\":\"m\",\"instructions\":\"Be kind.\"}}");
        String key = made.path("value").asString();
        assertThat(key).startsWith("ek_");
        assertThat(made.at("/session/instructions").asString()).isEqualTo("Be kind.");
        assertThat(made.path("expires_at").asLong())
                .isBetween(before + 600, Instant.now().getEpochSecond() + 601);
        Awaitility.await()
                .ignoreExceptions()
                .until(() -> {
                    RealtimeClient client =
                            RealtimeClient.connect(server, "", "Authorization", "Bearer " + key);
                    JsonNode session = client.await("session.created").path("session");
                    client.socket().socket().abort();
                    return session.path("instructions").asString().equals("Be kind.")
                            && !session.has("modalities");
                });
        assertThat(server.get("/v1/models", "Authorization", "Bearer " + key).statusCode())
                .isEqualTo(403);
        refused(403, "/v1/tts/live", "Authorization", "Bearer " + key);
        JsonNode beta = post("/v1/realtime/sessions", "{\"model\":\"m\",\"voice\":\"echo\"}");
        assertThat(beta.path("voice").asString()).isEqualTo("echo");
        assertThat(beta.at("/client_secret/value").asString()).startsWith("ek_");
        assertThat(post("/v1/realtime/transcription_sessions", "").path("object").asString())
                .isEqualTo("realtime.transcription_session");
        assertThat(
                        post("/v1/realtime/client_secrets", "{\"session\":{\"type\":\"x\"}}")
                                .at("/error/param")
                                .asString())
                .isEqualTo("session.type");
        for (String wrong : List.of("expires_after", "session")) {
            assertThat(
                            post("/v1/realtime/client_secrets", "{\"" + wrong + "\":5}")
                                    .at("/error/param")
                                    .asString())
                    .isEqualTo(wrong);
        }
        assertThat(post("/v1/realtime/calls", "{}").at("/error/code").asString())
                .isEqualTo("webrtc_not_supported");
    }

    @Test
    void aShortLivedKeyExpires() {
        Instant[] now = {Instant.EPOCH};
        ClientSecrets secrets = new ClientSecrets(() -> now[0]);
        String key =
                secrets.make(Duration.ofSeconds(10), SessionSettings.conversation("m"), Dialect.GA)
                        .value();
        assertThat(secrets.isValid(key)).isTrue();
        now[0] = Instant.EPOCH.plusSeconds(10);
        assertThat(secrets.isValid(key)).isFalse();
    }

    @Test
    void whatIsKeptForKeysIsBounded() {
        ClientSecrets secrets = new ClientSecrets(() -> Instant.EPOCH);
        SessionSettings large = SessionSettings.conversation("m");
        large.instructions = "x".repeat((int) ClientSecrets.MOST_BYTES);
        assertThatThrownBy(() -> secrets.make(Duration.ofMinutes(1), large, Dialect.GA))
                .isInstanceOf(RealtimeException.class);
        SessionSettings half = SessionSettings.conversation("m");
        half.instructions = "x".repeat((int) ClientSecrets.MOST_BYTES / 4);
        String first = secrets.make(Duration.ofMinutes(1), half, Dialect.GA).value();
        String last = first;
        for (int i = 0; i < 64; i++) {
            last = secrets.make(Duration.ofMinutes(1), half, Dialect.GA).value();
        }
        assertThat(secrets.isValid(first)).isFalse();
        assertThat(secrets.isValid(last)).isTrue();
    }

    @Test
    void soManySessionsMayBeOpenAndNoMoreUntilOneEnds() throws Exception {
        String path = "/v1/realtime?model=m&api_key=secret";
        List<SocketClient> open = new ArrayList<>();
        try {
            // The sessions of other tests end a moment after their clients have gone.
            Awaitility.await()
                    .ignoreExceptions()
                    .until(() -> {
                        SocketClient client = server.connect(path);
                        new RealtimeClient(client).await("session.created");
                        open.add(client);
                        return open.size() == 2;
                    });
            refused(429, path);
        } finally {
            open.forEach(client -> client.socket().abort());
        }
        Awaitility.await()
                .ignoreExceptions()
                .until(() -> {
                    greeted(path);
                    return true;
                });
    }

    @Test
    void sessionsThatAreAskedForAtOnceAreNoMoreThanMayBeOpen() throws Exception {
        String path = "/v1/realtime?model=m&api_key=secret";
        List<SocketClient> clients = new CopyOnWriteArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(12)) {
            for (int i = 0; i < 12; i++) {
                threads.execute(() -> {
                    try {
                        clients.add(server.connect(path));
                    } catch (Exception refused) {
                        // With 429, before the connection became a WebSocket.
                    }
                });
            }
        }
        try {
            int greeted = 0;
            for (SocketClient client : clients) {
                RealtimeClient told = new RealtimeClient(client);
                JsonNode first = told.next();
                if (first.path("type").asString().equals("session.created")) {
                    greeted++;
                } else {
                    assertThat(first.at("/error/code").asString()).isEqualTo("too_many_sessions");
                    assertThat(client.next().closeCode()).isEqualTo(1008);
                }
            }
            assertThat(greeted).isLessThanOrEqualTo(2);
        } finally {
            clients.forEach(client -> client.socket().abort());
        }
    }

    @Test
    void aMessageThatIsTooLongEndsTheConnection() throws Exception {
        SocketClient[] client = new SocketClient[1];
        Awaitility.await()
                .ignoreExceptions()
                .until(() -> {
                    client[0] = server.connect("/v1/realtime?model=m&api_key=secret");
                    return true;
                });
        client[0].socket().sendText("{\"type\":\"" + "a".repeat(200_000) + "\"}", true);
        // The server reads no more: a reset for what is still under way may overtake its 1009.
        assertThat(client[0].closeCode()).isIn(1009, 1006);
    }
}
