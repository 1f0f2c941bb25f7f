package dev.parlo.server.realtime;

import dev.parlo.server.http.ApiError;
import dev.parlo.server.http.ApiKeyCheck;
import dev.parlo.server.http.MemoryBudget;
import dev.parlo.server.listening.TurnRecognition;
import dev.parlo.server.llm.LlmClient;
import dev.parlo.server.socket.Conversation;
import dev.parlo.server.socket.SocketPeer;
import dev.parlo.server.socket.Sockets;
import dev.parlo.server.socket.Tasks;
import dev.parlo.server.speech.SpeechPipeline;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.websocket.WsContext;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The WebSocket {@code /v1/realtime}. Thread-safe. */
public final class RealtimeRoutes {
    private static final String PATH = "/v1/realtime";
    private static final String TOO_MANY =
            "As many Realtime sessions are open as REALTIME_MAX_SESSIONS allows.";

    private final Sockets sockets;
    private final RealtimeSession.Parts parts;
    private final MemoryBudget budget;
    private final ClientSecrets secrets;
    private final AtomicInteger open = new AtomicInteger();

    /**
     * @param budget for audio and items of all sessions
     */
    public RealtimeRoutes(
            Sockets sockets,
            TurnRecognition recognition,
            LlmClient llm,
            SpeechPipeline speech,
            RealtimeLimits limits,
            MemoryBudget budget,
            ClientSecrets secrets,
            ScheduledExecutorService timer) {
        this.sockets = sockets;
        this.budget = budget;
        this.secrets = secrets;
        this.parts =
                new RealtimeSession.Parts(
                        recognition, new Answer.Means(llm, speech), limits, timer, new Ids());
    }

    public void register(RoutesConfig routes) {
        routes.wsBeforeUpgrade(PATH, this::check);
        sockets.register(routes, PATH, this::open);
    }

    private void check(Context ctx) {
        if (isFull()) {
            throw tooMany();
        }
        boolean known =
                given(ctx.queryParam("model")) != null
                        || given(ctx.queryParam("call_id")) != null
                        || "transcription".equals(ctx.queryParam("intent"))
                        || secrets.find(
                                        ApiKeyCheck.presentedOnUpgrade(
                                                ctx::header, ctx::queryParam))
                                != null;
        if (!known) {
            throw ApiError.of(
                            400,
                            "The query must have 'model' (the language model that answers), or"
                                    + " 'intent=transcription'.")
                    .withParam("model");
        }
    }

    private boolean isFull() {
        return exceeds(open.get() + 1);
    }

    private boolean exceeds(int sessions) {
        int most = parts.limits().sessions();
        return most > 0 && sessions > most;
    }

    private static ApiError tooMany() {
        return ApiError.of(429, TOO_MANY, "too_many_sessions").withHeader("Retry-After", "10");
    }

    private Conversation open(SocketPeer peer, Tasks tasks, WsContext client) {
        if (exceeds(open.incrementAndGet())) {
            // Several came at once, and all of them were asked before the first one counted.
            tasks.add(
                    0,
                    connecting -> {
                        throw tooMany();
                    });
        }
        ClientSecrets.Secret secret =
                secrets.find(ApiKeyCheck.presentedOnUpgrade(client::header, client::queryParam));
        Dialect dialect = DialectSigns.onUpgrade(client::header, client::queryParam);
        if (dialect == Dialect.UNDECIDED && secret != null) {
            dialect = secret.dialect();
        }
        Emitter emitter =
                new Emitter(peer::send, peer::stream, parts.ids(), dialect, parts.limits().usual());
        Talk talk = new Talk(parts.ids(), emitter, budget.open(), settings(client, secret));
        return new RealtimeSession(
                peer,
                tasks,
                parts,
                sockets.limits().idle(),
                talk,
                budget.open(),
                open::decrementAndGet);
    }

    private static SessionSettings settings(
            WsContext client, ClientSecrets.@Nullable Secret secret) {
        String model = given(client.queryParam("model"));
        String named = given(client.queryParam("transcription_model"));
        SessionSettings settings;
        if (secret != null) {
            settings = secret.settings().copy();
        } else if ("transcription".equals(client.queryParam("intent"))) {
            settings = SessionSettings.transcription(SessionSettings.USUAL_MODEL);
            settings.transcriptionModel = model;
        } else {
            settings =
                    SessionSettings.conversation(
                            model == null ? SessionSettings.USUAL_MODEL : model);
        }
        settings.transcriptionModel = named == null ? settings.transcriptionModel : named;
        String language = given(client.queryParam("language"));
        settings.language = language == null ? settings.language : language;
        return settings;
    }

    private static @Nullable String given(@Nullable String value) {
        return value == null || value.isBlank() ? null : value;
    }
}
