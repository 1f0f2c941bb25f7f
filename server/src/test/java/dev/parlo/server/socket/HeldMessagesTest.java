package dev.parlo.server.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parlo.server.DoorServer;
import dev.parlo.server.SocketClient;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sockets that hold messages back unfinished, and many sockets of one client. */
final class HeldMessagesTest {
    private static final String SPEECH = "/v1/text-to-speech/x/stream-input?output_format=pcm_8000";
    private static final int TRY_AGAIN_LATER = 1013;
    private static final int TOO_LARGE = 1009;
    private static final int POLICY_VIOLATION = 1008;

    @TempDir Path home;

    @Test
    void whoHasNotShownAKeyMaySendAShortFirstMessageOnly() throws Exception {
        try (DoorServer server = DoorServer.start(home, "API_KEY", "secret")) {
            SocketClient stranger = server.connect(SPEECH);
            stranger.socket().sendText("{\"text\":\"" + "a".repeat(17_000), false);
            assertThat(stranger.closeCode()).isEqualTo(TOO_LARGE);
            SocketClient friend = server.connect(SPEECH);
            friend.send("{\"text\":\" \",\"xi-api-key\":\"secret\"}");
            friend.send("{\"text\":\" \",\"try\":\"" + "a".repeat(100_000) + "\"}");
            friend.send("{\"text\":\"\"}");
            assertThat(friend.closeCode()).isEqualTo(1000);
        }
    }

    @Test
    void unfinishedMessagesOfAllSocketsHoldABoundedSum() throws Exception {
        try (DoorServer server = DoorServer.start(home, "MAX_HELD_BYTES", "1000000")) {
            String part = "a".repeat(100_000);
            List<SocketClient> clients = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                clients.add(unfinished(server, i % 2 == 0, part));
            }
            // Ten of them fit. Jetty ends a connection at once with such a code, and what it has
            // not read by then may take the reason with it: so all is read before, and the rest is
            // short.
            for (SocketClient client : clients) {
                client.awaitPong();
            }
            for (int i = 0; i < 2; i++) {
                SocketClient refused = unfinished(server, i % 2 == 0, "a");
                assertThat(refused.closeCode()).isEqualTo(TRY_AGAIN_LATER);
            }
            assertThat(clients).noneMatch(SocketClient::hasReceived);
            clients.forEach(client -> client.socket().abort());
            // what they held is free again
            Awaitility.await()
                    .ignoreExceptions()
                    .until(() -> {
                        SocketClient client = server.connect(SPEECH);
                        client.send("{\"text\":\"Yes.\",\"try\":\"" + "a".repeat(5000) + "\"}");
                        client.send("{\"text\":\"\"}");
                        return client.closeCode() == 1000;
                    });
        }
    }

    @Test
    void aMessageOfManySmallValuesCountsWithTheTreeThatItBecomes() throws Exception {
        String values = "\"a\":[" + "{},".repeat(10_000) + "0]}";
        String task = "\"header\":{\"task_id\":\"t\",\"action\":\"run-task\"},";
        try (DoorServer server = DoorServer.start(home, "MAX_HELD_BYTES", "1000000")) {
            SocketClient speech = server.connect(SPEECH);
            speech.send("{\"text\":\"x\"," + values);
            assertThat(speech.closeCode()).isEqualTo(POLICY_VIOLATION);
            SocketClient voice = server.connect("/api-ws/v1/inference");
            voice.send("{" + task + values);
            assertThat(voice.json().toString()).contains("MAX_HELD_BYTES");
        }
    }

    @Test
    void aTextBeyondLatinCountsTwoBytesForEachCharacter() throws Exception {
        try (DoorServer server = DoorServer.start(home, "MAX_HELD_BYTES", "1000000")) {
            SocketClient latin = server.connect(SPEECH);
            latin.socket().sendText("{\"text\":\"" + "\u00e9".repeat(600_000), false).join();
            latin.awaitPong();
            SocketClient wide = server.connect("/api-ws/v1/inference");
            latin.socket().abort();
            Awaitility.await()
                    .ignoreExceptions()
                    .until(() -> {
                        SocketClient again = server.connect(SPEECH);
                        again.send("{\"text\":\" \",\"try\":\"" + "a".repeat(490_000) + "\"}");
                        again.send("{\"text\":\"\"}");
                        return again.closeCode() == 1000;
                    });
            wide.socket().sendText("{\"a\":\"" + "a".repeat(600_000) + "\u4e2d", false);
            assertThat(wide.closeCode()).isEqualTo(TOO_LARGE);
        }
    }

    private static SocketClient unfinished(DoorServer server, boolean asText, String part)
            throws Exception {
        SocketClient client = server.connect(asText ? SPEECH : "/v1/tts/live");
        if (asText) {
            client.socket().sendText(part, false).join();
        } else {
            client.socket()
                    .sendBinary(ByteBuffer.wrap(part.getBytes(StandardCharsets.US_ASCII)), false)
                    .join();
        }
        return client;
    }

    @Test
    void oneClientMayOpenSoManySocketsAndNoMore() throws Exception {
        try (DoorServer server = DoorServer.start(home, "WS_MAX_PER_CLIENT", "3")) {
            SocketClient first = server.connect(SPEECH);
            server.connect("/v1/tts/live");
            server.connect("/api-ws/v1/inference");
            assertThatThrownBy(() -> server.connect(SPEECH))
                    .cause()
                    .isInstanceOfSatisfying(
                            WebSocketHandshakeException.class,
                            failure -> {
                                assertThat(failure.getResponse().statusCode()).isEqualTo(429);
                                assertThat(
                                                failure.getResponse()
                                                        .headers()
                                                        .firstValue("Retry-After"))
                                        .isPresent();
                            });
            first.send("{\"text\":\"\"}");
            assertThat(first.closeCode()).isEqualTo(1000);
            Awaitility.await()
                    .ignoreExceptions()
                    .until(() -> !server.connect(SPEECH).socket().isInputClosed());
        }
    }
}
