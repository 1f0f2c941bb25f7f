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
    private static final int RESET = 1006;
    private static final int TOO_LARGE = 1009;

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
            for (int i = 0; i < 12; i++) {
                SocketClient client = server.connect(i % 2 == 0 ? SPEECH : "/v1/tts/live");
                clients.add(client);
                if (i % 2 == 0) {
                    client.socket().sendText(part, false); // may be refused meanwhile
                } else {
                    client.socket()
                            .sendBinary(
                                    ByteBuffer.wrap(part.getBytes(StandardCharsets.US_ASCII)),
                                    false);
                }
            }
            // ten of them fit
            for (int refused = 0; refused < 2; refused++) {
                Awaitility.await()
                        .until(() -> clients.stream().anyMatch(SocketClient::hasReceived));
                SocketClient told =
                        clients.stream().filter(SocketClient::hasReceived).findAny().orElseThrow();
                // Who is still sending may see the end of the connection before the reason.
                assertThat(told.closeCode()).isIn(TRY_AGAIN_LATER, RESET);
                clients.remove(told);
            }
            assertThat(clients).noneMatch(SocketClient::hasReceived);
            clients.forEach(client -> client.socket().abort());
            // what they held is free again
            Awaitility.await()
                    .ignoreExceptions()
                    .until(() -> {
                        SocketClient client = server.connect(SPEECH);
                        client.send("{\"text\":\"" + "Yes. ".repeat(1000) + "\"}");
                        client.send("{\"text\":\"\"}");
                        return client.closeCode() == 1000;
                    });
        }
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
