package dev.parlo.server.realtime;

import dev.parlo.server.http.ApiError;
import dev.parlo.server.http.Fields;
import dev.parlo.server.http.Json;
import dev.parlo.server.http.RequestBody;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.time.Duration;
import tools.jackson.databind.node.ObjectNode;

/**
 * Sessions that are prepared for a client, which gets a short-lived key for them; and the calls
 * over WebRTC, which this server does not take. Thread-safe.
 */
public final class SecretRoutes {
    private static final Duration USUAL_LIFE = Duration.ofMinutes(10);

    private final ClientSecrets secrets;
    private final Ids ids = new Ids();

    public SecretRoutes(ClientSecrets secrets) {
        this.secrets = secrets;
    }

    public void register(RoutesConfig routes) {
        routes.post("/v1/realtime/client_secrets", this::clientSecret);
        routes.post("/v1/realtime/sessions", ctx -> session(ctx, false));
        routes.post("/v1/realtime/transcription_sessions", ctx -> session(ctx, true));
        routes.post("/v1/realtime", SecretRoutes::call);
        routes.post("/v1/realtime/calls", SecretRoutes::call);
    }

    private static void call(Context ctx) {
        throw ApiError.of(
                501,
                "This server does not speak WebRTC. Connect a WebSocket to /v1/realtime instead:"
                        + " it has the same events, with audio as base64 within them.",
                "webrtc_not_supported");
    }

    private void clientSecret(Context ctx) {
        Given body = body(ctx);
        Duration life =
                refused(() -> {
                    Given expires = body.object("expires_after");
                    Integer seconds =
                            expires.whole(
                                    "seconds",
                                    ClientSecrets.SHORTEST_SECONDS,
                                    ClientSecrets.LONGEST_SECONDS);
                    return seconds == null ? USUAL_LIFE : Duration.ofSeconds(seconds);
                });
        SessionSettings settings = settings(refused(() -> body.object("session")), false);
        ClientSecrets.Secret secret = refused(() -> secrets.make(life, settings, Dialect.GA));
        ObjectNode answer = Json.mapper().createObjectNode();
        answer.put("value", secret.value());
        answer.put("expires_at", secret.expires().getEpochSecond());
        answer.set("session", view(settings, Dialect.GA));
        Json.respond(ctx, answer);
    }

    private void session(Context ctx, boolean transcription) {
        SessionSettings settings = settings(body(ctx), transcription);
        ClientSecrets.Secret secret =
                refused(() -> secrets.make(USUAL_LIFE, settings, Dialect.BETA));
        ObjectNode answer = view(settings, Dialect.BETA);
        answer.putObject("client_secret")
                .put("value", secret.value())
                .put("expires_at", secret.expires().getEpochSecond());
        Json.respond(ctx, answer);
    }

    private ObjectNode view(SessionSettings settings, Dialect dialect) {
        String transcriber = settings.transcriptionModel;
        return new SessionView(
                        ids.next("sess_"), settings, transcriber == null ? "" : transcriber, 0)
                .in(dialect);
    }

    private static SessionSettings settings(Given session, boolean transcription) {
        return refused(() -> {
            String model = session.text("model");
            boolean listens = transcription || "transcription".equals(session.text("type"));
            SessionSettings settings =
                    listens
                            ? SessionSettings.transcription(SessionSettings.USUAL_MODEL)
                            : SessionSettings.conversation(
                                    model == null ? SessionSettings.USUAL_MODEL : model);
            if (listens && model != null) {
                settings.transcriptionModel = model;
            }
            new SessionReader(settings).read(session);
            return settings;
        });
    }

    private static Given body(Context ctx) {
        byte[] bytes = RequestBody.bytes(ctx);
        return new Given(
                bytes.length == 0 ? Json.mapper().createObjectNode() : Fields.json(bytes).root(),
                "");
    }

    private interface Reading<T> {
        T read();
    }

    private static <T> T refused(Reading<T> reading) {
        try {
            return reading.read();
        } catch (RealtimeException wrong) {
            String code = wrong.code();
            ApiError error =
                    code == null
                            ? ApiError.of(400, wrong.message())
                            : ApiError.of(400, wrong.message(), code);
            String param = wrong.param();
            throw (param == null ? error : error.withParam(param)).withCause(wrong);
        }
    }
}
