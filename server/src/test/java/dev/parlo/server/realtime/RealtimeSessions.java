package dev.parlo.server.realtime;

import dev.parlo.server.DoorServer;
import dev.parlo.server.llm.FakeLlm;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A server before a language model that greets, and the session of each test. */
abstract class RealtimeSessions {
    @TempDir static Path home;
    static FakeLlm llm;
    static DoorServer server;

    private static final Pattern NO_SESSION =
            Pattern.compile("(?m)^parlo_sessions_open\\{protocol=\"websocket\"} 0");

    private @Nullable RealtimeClient open;

    @BeforeAll
    static void start() throws Exception {
        llm = FakeLlm.start(FakeLlm.Kind.OLLAMA);
        server = DoorServer.start(home, "CHAT_COMPLETION_BASE_URL", llm.url());
    }

    @AfterAll
    static void stop() {
        server.close();
        llm.close();
    }

    @BeforeEach
    void reset() {
        llm.says("Hello", " there.", " How are", " you?");
    }

    @AfterEach
    void hangUp() {
        if (open != null) {
            open.socket().socket().abort();
        }
        // What it has begun asks the language model no more, of which the next test sees the last.
        Awaitility.await()
                .pollDelay(Duration.ZERO)
                .until(() -> NO_SESSION.matcher(server.get("/metrics").body()).find());
    }

    RealtimeClient connect(String query, String... headers) throws Exception {
        RealtimeClient client = RealtimeClient.connect(server, query, headers);
        open = client;
        return client;
    }
}
