package dev.parlo.server.cosyvoice;

import dev.parlo.server.socket.Sockets;
import dev.parlo.server.speech.SpeechDoors;
import io.javalin.config.RoutesConfig;
import java.time.Duration;
import java.util.List;

/** The WebSocket {@code /api-ws/v1/inference}. Thread-safe. */
public final class CosyVoiceRoute {
    /** Between two tasks, as DashScope has it. */
    private static final Duration IDLE = Duration.ofSeconds(60);

    private final Sockets sockets;
    private final SpeechDoors doors;

    public CosyVoiceRoute(Sockets sockets, SpeechDoors doors) {
        this.sockets = sockets;
        this.doors = doors;
    }

    public void register(RoutesConfig routes) {
        Duration most = sockets.limits().idle();
        Duration idle = most.compareTo(IDLE) < 0 ? most : IDLE;
        for (String slash : List.of("", "/")) {
            sockets.register(
                    routes,
                    "/api-ws/v1/inference" + slash,
                    (peer, tasks, client) -> new TaskConversation(peer, tasks, doors, idle));
        }
    }
}
