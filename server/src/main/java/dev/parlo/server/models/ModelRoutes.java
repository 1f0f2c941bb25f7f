package dev.parlo.server.models;

import dev.parlo.server.http.Json;
import dev.parlo.server.models.LocalModels.LocalModel;
import io.javalin.config.RoutesConfig;
import java.util.List;

/** {@code /v1/models}: what is installed, in the shape of OpenAI and Speaches. Thread-safe. */
public final class ModelRoutes {
    private record ModelView(
            String id,
            long created,
            String object,
            String ownedBy,
            List<String> language,
            String task) {}

    private record ModelList(List<ModelView> data, String object) {}

    private final LocalModels models;

    public ModelRoutes(LocalModels models) {
        this.models = models;
    }

    public void register(RoutesConfig routes) {
        routes.get(
                "/v1/models",
                ctx ->
                        Json.respond(
                                ctx,
                                new ModelList(
                                        models.list().stream().map(ModelRoutes::view).toList(),
                                        "list")));
        routes.get(
                "/v1/models/<id>",
                ctx -> {
                    String id = ctx.pathParam("id");
                    Json.respond(
                            ctx,
                            models.resolve(id)
                                    .map(ModelRoutes::view)
                                    .orElseThrow(() -> LocalModels.notInstalled(id)));
                });
    }

    private static ModelView view(LocalModel model) {
        String id = model.id();
        List<String> languages = id.endsWith(".en") ? List.of("en") : List.of();
        return new ModelView(
                id,
                model.createdSeconds(),
                "model",
                id.substring(0, id.indexOf('/')),
                languages,
                "automatic-speech-recognition");
    }
}
