package dev.parlo.server.fish;

import dev.parlo.server.http.Fields;
import dev.parlo.server.http.Json;
import dev.parlo.server.http.RequestBody;
import dev.parlo.server.socket.Sockets;
import dev.parlo.server.speech.SpeechAnswers;
import dev.parlo.server.speech.SpeechPipeline;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/** Fish Audio's {@code POST /v1/tts} and the WebSocket {@code /v1/tts/live}. Thread-safe. */
public final class FishRoutes {
    private final SpeechAnswers answers;
    private final SpeechPipeline pipeline;
    private final Sockets sockets;

    public FishRoutes(SpeechAnswers answers, SpeechPipeline pipeline, Sockets sockets) {
        this.answers = answers;
        this.pipeline = pipeline;
        this.sockets = sockets;
    }

    public void register(RoutesConfig routes) {
        routes.post("/v1/tts", this::speak);
        sockets.register(
                routes,
                "/v1/tts/live",
                (peer, tasks, client) ->
                        new LiveSpeech(
                                peer,
                                tasks,
                                pipeline,
                                client.header("model"),
                                sockets.limits().idle()));
    }

    private void speak(Context ctx) {
        String type = String.valueOf(ctx.contentType()).toLowerCase(Locale.ROOT);
        byte[] body = RequestBody.bytes(ctx, RequestBody.Kind.WITH_AUDIO);
        JsonNode fields;
        if (type.contains("msgpack")) {
            fields = MessagePackReader.map(body);
            RequestBody.share(ctx).take(Json.bytes(fields));
        } else {
            fields = Fields.json(body).root();
        }
        FishRequest request = FishRequest.read(fields, ctx.header("model"));
        if (request.ignored()) {
            ctx.header("X-Parlo-Ignored", "references");
        }
        answers.stream(ctx, request.order(), request.text(), request.contentType());
    }
}
