package dev.parlo.server.socket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.server.SocketClient;
import dev.parlo.server.http.ApiError;
import dev.parlo.server.http.HttpServer;
import dev.parlo.server.http.InFlight;
import dev.parlo.server.http.MemoryBudget;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Conversations whose tasks fail in ways of their own. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FailedConversationTest {
    private static final int SERVER_ERROR = 1011;

    private final InFlight inFlight = new InFlight();
    private final Sockets sockets =
            new Sockets(
                    new SocketLimits(1 << 20, 0, Duration.ofMinutes(2), Duration.ofMinutes(2)),
                    new MemoryBudget(1 << 24),
                    inFlight);
    private final HttpServer server =
            HttpServer.start(
                    "127.0.0.1",
                    0,
                    inFlight,
                    List.of(routes ->
                            sockets.register(
                                    routes,
                                    "/talk",
                                    (peer, tasks, client) -> new Failing(peer, tasks))));

    /** Whatever is said to it leads to an error of that name. */
    private record Failing(SocketPeer peer, Tasks tasks) implements Conversation {
        @Override
        public void text(String message) {
            tasks.add(
                    0,
                    unused -> {
                        if (message.equals("library")) {
                            throw new NoClassDefFoundError(message);
                        }
                        throw new IllegalStateException(message);
                    });
        }

        @Override
        public void binary(byte[] message) {}

        @Override
        public Duration patience() {
            return Duration.ofMinutes(2);
        }

        @Override
        public void silent() {}

        @Override
        public void failed(ApiError error) {
            peer.send(error.error());
        }

        @Override
        public void close() {}
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void aFailureOfAnyKindIsToldAndEndsTheConversationAsOne() throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            for (String failure : List.of("fault", "library")) {
                SocketClient client = new SocketClient();
                WebSocket socket =
                        http.newWebSocketBuilder()
                                .buildAsync(
                                        URI.create("ws://127.0.0.1:" + server.port() + "/talk"),
                                        client)
                                .join();
                socket.sendText(failure, true).join();
                assertThat(client.json().path("code").asString()).isEqualTo("internal_error");
                assertThat(client.closeCode()).as(failure).isEqualTo(SERVER_ERROR);
            }
        }
    }
}
