package dev.parlo.server.elevenlabs;

import dev.parlo.server.http.ApiKeyCheck;
import dev.parlo.server.socket.Sockets;
import dev.parlo.server.speech.SpeechPipeline;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;

/** The WebSocket {@code /v1/text-to-speech/{voice}/stream-input}. Thread-safe. */
public final class StreamInputRoute {
    private static final String PATH = "/v1/text-to-speech/{voice}/stream-input";

    private final Sockets sockets;
    private final SpeechPipeline pipeline;
    private final ApiKeyCheck keys;

    public StreamInputRoute(Sockets sockets, SpeechPipeline pipeline, ApiKeyCheck keys) {
        this.sockets = sockets;
        this.pipeline = pipeline;
        this.keys = keys;
    }

    public void register(RoutesConfig routes) {
        routes.wsBeforeUpgrade(PATH, this::announce);
        sockets.register(
                routes,
                PATH,
                (peer, tasks, client) ->
                        new StreamInput(
                                peer,
                                tasks,
                                pipeline,
                                keys,
                                keys.accepts(
                                        ApiKeyCheck.presentedOnUpgrade(
                                                client::header, client::queryParam)),
                                StreamInputQuery.read(
                                        client.pathParam("voice"),
                                        client::queryParam,
                                        sockets.limits())));
    }

    /** Refuses what cannot be had, and says which voice answers; strangers are told nothing. */
    private void announce(Context ctx) {
        StreamInputQuery query =
                StreamInputQuery.read(ctx.pathParam("voice"), ctx::queryParam, sockets.limits());
        if (keys.accepts(ApiKeyCheck.presentedOnUpgrade(ctx::header, ctx::queryParam))) {
            pipeline.announce(query.order()).forEach(ctx::header);
        }
    }
}
