package dev.parlo.server.cosyvoice;

import dev.parlo.server.http.MemoryBudget;
import dev.parlo.server.listening.TurnRecognition;
import dev.parlo.server.socket.Sockets;
import dev.parlo.server.speech.SpeechPipeline;
import io.javalin.config.RoutesConfig;
import java.time.Duration;
import java.util.List;

/** The WebSocket {@code /api-ws/v1/inference}. Thread-safe. */
public final class CosyVoiceRoute {
    /** Between two tasks, as DashScope has it. */
    private static final Duration IDLE = Duration.ofSeconds(60);

    private final Sockets sockets;
    private final SpeechPipeline pipeline;
    private final TurnRecognition turns;
    private final MemoryBudget budget;

    /**
     * @param budget for audio that is held
     */
    public CosyVoiceRoute(
            Sockets sockets, SpeechPipeline pipeline, TurnRecognition turns, MemoryBudget budget) {
        this.sockets = sockets;
        this.pipeline = pipeline;
        this.turns = turns;
        this.budget = budget;
    }

    public void register(RoutesConfig routes) {
        Duration most = sockets.limits().idle();
        Duration idle = most.compareTo(IDLE) < 0 ? most : IDLE;
        for (String slash : List.of("", "/")) {
            sockets.register(
                    routes,
                    "/api-ws/v1/inference" + slash,
                    (peer, tasks, client) ->
                            new TaskConversation(peer, tasks, pipeline, turns, budget, idle));
        }
    }
}
