package dev.parlo.server.captions;

import dev.parlo.registry.ModelFamily;
import dev.parlo.registry.ModelTask;
import dev.parlo.server.http.Fields;
import dev.parlo.server.http.MemoryBudget;
import dev.parlo.server.listening.TurnRecognition;
import dev.parlo.server.models.ModelLibrary;
import dev.parlo.server.socket.Sockets;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.websocket.WsContext;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Live captions over WebSockets: {@code /v1/audio/transcriptions/stream}, and {@code /v1/listen} as
 * Deepgram has it. Thread-safe.
 */
public final class CaptionRoutes {
    private static final String OWN = "/v1/audio/transcriptions/stream";
    private static final String DEEPGRAM = "/v1/listen";

    private final Sockets sockets;
    private final TurnRecognition turns;
    private final ModelLibrary library;
    private final MemoryBudget budget;

    /**
     * @param budget for audio that is held
     */
    public CaptionRoutes(
            Sockets sockets, TurnRecognition turns, ModelLibrary library, MemoryBudget budget) {
        this.sockets = sockets;
        this.turns = turns;
        this.library = library;
        this.budget = budget;
    }

    public void register(RoutesConfig routes) {
        routes.wsBeforeUpgrade(OWN, this::check);
        register(routes, OWN, CaptionQuery::read, ParloCaptions::new);
        routes.wsBeforeUpgrade(
                DEEPGRAM,
                ctx -> {
                    var unused = CaptionQuery.deepgram(Fields.query(ctx));
                });
        register(routes, DEEPGRAM, CaptionQuery::deepgram, DeepgramCaptions::new);
    }

    /** As the route for files: a model that is named has to be there. */
    private void check(Context ctx) {
        String model = CaptionQuery.read(Fields.query(ctx)).model();
        if (model != null) {
            var unused =
                    library.require(model, ModelFamily.of(ModelTask.AUTOMATIC_SPEECH_RECOGNITION));
        }
    }

    private void register(
            RoutesConfig routes,
            String path,
            Function<Fields, CaptionQuery> reading,
            Supplier<CaptionEvents> events) {
        sockets.register(
                routes,
                path,
                (peer, tasks, client) ->
                        new CaptionStream(
                                peer,
                                tasks,
                                turns,
                                reading.apply(query(client)),
                                events.get(),
                                budget.open(),
                                sockets.limits().idle()));
    }

    private static Fields query(WsContext client) {
        return Fields.form(client::queryParams, client.queryParamMap().keySet());
    }
}
