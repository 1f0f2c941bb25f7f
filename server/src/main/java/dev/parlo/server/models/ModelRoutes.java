package dev.parlo.server.models;

import dev.parlo.engine.pool.EngineStatus;
import dev.parlo.engine.pool.UnloadResult;
import dev.parlo.registry.InstalledModel;
import dev.parlo.registry.ModelId;
import dev.parlo.registry.ModelTask;
import dev.parlo.registry.RegistryException;
import dev.parlo.server.Settings.Models.ListAliases;
import dev.parlo.server.http.ApiError;
import dev.parlo.server.http.Fields;
import dev.parlo.server.http.Json;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * What is installed: {@code /v1/models}, {@code /v1/audio/models} and {@code /v1/audio/voices}, in
 * the shapes of OpenAI and Speaches. Thread-safe.
 */
public final class ModelRoutes {
    private record ModelList(List<ModelView> data, String object) {}

    private record SpeechModelList(List<ModelView> models, String object) {}

    /** The same twice, since clients read one or the other. */
    private record VoiceList(
            List<ModelView.VoiceView> voices, List<ModelView.VoiceView> data, String object) {}

    /** As Kokoro-FastAPI listed voices at first. */
    private record VoiceNames(List<String> voices) {}

    private record Deleted(String id, String object, boolean deleted, String detail) {}

    private final ModelLibrary library;
    private final ModelEngines engines;
    private final ListAliases listAliases;
    private final StandIns standIns;
    private final Function<String, InstalledModel> speaking;

    /**
     * @param speaking the model that speaks for a name, which it may only stand in for; throws
     *     where none does
     */
    public ModelRoutes(
            ModelLibrary library,
            ModelEngines engines,
            ListAliases listAliases,
            StandIns standIns,
            Function<String, InstalledModel> speaking) {
        this.standIns = standIns;
        this.speaking = speaking;
        this.library = library;
        this.engines = engines;
        this.listAliases = listAliases;
    }

    public void register(RoutesConfig routes) {
        routes.get("/v1/models", this::list);
        routes.get("/v1/models/<model_id>", this::show);
        routes.head("/v1/models/<model_id>", this::show); // else it would be 200 for any id
        routes.delete("/v1/models/<model_id>", this::delete);
        routes.get("/v1/audio/models", this::listSpeech);
        routes.get("/v1/audio/voices", this::listVoices);
    }

    /** The accepted {@code ?task=} of a query; empty for all. */
    public static Optional<ModelTask> task(Fields query) {
        List<String> tags = Arrays.stream(ModelTask.values()).map(ModelTask::tag).toList();
        String tag = query.choice("task", tags);
        return tag == null ? Optional.empty() : ModelTask.ofTag(tag);
    }

    private void list(Context ctx) {
        if (ElevenLabsModel.isAskedFor(ctx)) {
            Json.respond(ctx, speechModels().stream().map(ElevenLabsModel::of).toList());
            return;
        }
        Fields query = Fields.query(ctx);
        Optional<ModelTask> task = task(query);
        boolean only = listAliases == ListAliases.ONLY && query.text("include_aliases") == null;
        boolean aliases = query.bool("include_aliases", listAliases != ListAliases.OFF);
        query.check();
        List<InstalledModel> models =
                library.installed().stream()
                        .filter(model -> task.isEmpty() || task.get() == model.task())
                        .toList();
        List<ModelView> views = new ArrayList<>();
        if (!only) {
            // A model whose id is an alias of another cannot be asked for: it would be there twice.
            Set<String> hidden = aliases ? library.aliases().keySet() : Set.of();
            models.stream()
                    .filter(model -> !hidden.contains(model.id().toString()))
                    .forEach(model -> views.add(ModelView.installed(model)));
        }
        if (aliases) {
            views.addAll(aliases(models));
        }
        Json.respond(ctx, new ModelList(views, "list"));
    }

    /** Those that a model answers for: the others would be answered 404. */
    private List<ModelView> aliases(List<InstalledModel> models) {
        List<ModelView> views = new ArrayList<>();
        library.aliases()
                .forEach((alias, id) ->
                        models.stream()
                                .filter(model -> model.id().equals(id))
                                .findFirst()
                                .or(() -> standIns.of(alias).filter(models::contains))
                                .ifPresent(model -> views.add(ModelView.alias(alias, model))));
        return views;
    }

    private void show(Context ctx) {
        String name = ctx.pathParam("model_id");
        ModelId id = library.resolve(name);
        Optional<InstalledModel> standIn =
                library.find(name).isPresent() ? Optional.empty() : standIns.of(name);
        Json.respond(
                ctx,
                standIn.map(model -> ModelView.alias(name, model))
                        .orElseGet(() -> ModelView.installed(installed(id))));
    }

    private InstalledModel installed(ModelId id) {
        try {
            return library.installed(id);
        } catch (RegistryException refused) {
            if (refused.category() == RegistryException.Category.BROKEN) {
                throw refused;
            }
            ApiError absent =
                    ApiError.of(
                                    404,
                                    String.format(Locale.ROOT, "Model '%s' not found", id),
                                    "model_not_found")
                            .withParam("model")
                            .withCause(refused);
            // of several models in a repository others may be there
            throw id.variant().isEmpty() ? absent : absent.withHint(refused.advice());
        }
    }

    private void delete(Context ctx) {
        ModelId id = library.resolve(ctx.pathParam("model_id"));
        for (ModelId loaded : loadedOf(id)) {
            if (engines.unload(loaded) instanceof UnloadResult.InUse use) {
                throw ApiError.of(
                        409,
                        String.format(
                                Locale.ROOT,
                                "Model '%s' is in use (%d at the moment); try again later.",
                                loaded,
                                use.leases()),
                        "model_in_use");
            }
        }
        library.delete(id);
        Json.respond(
                ctx,
                new Deleted(
                        id.toString(),
                        "model",
                        true,
                        String.format(Locale.ROOT, "Model '%s' deleted", id)));
    }

    /** What is in memory of the files that an id names: of a whole repository, all checkpoints. */
    private List<ModelId> loadedOf(ModelId id) {
        ModelId model = library.find(id.toString()).map(InstalledModel::id).orElse(id);
        return engines.list().stream()
                .map(EngineStatus::key)
                .filter(key ->
                        key.equals(model)
                                || (id.variant().isEmpty() && key.repository().equals(id)))
                .filter(key ->
                        library.find(key.toString())
                                .map(found -> found.origin() == InstalledModel.Origin.CACHE)
                                .orElse(true))
                .toList();
    }

    private void listSpeech(Context ctx) {
        Json.respond(
                ctx,
                new SpeechModelList(
                        speechModels().stream().map(ModelView::installed).toList(), "list"));
    }

    private void listVoices(Context ctx) {
        Fields query = Fields.query(ctx);
        String model = query.text("model");
        boolean legacy = query.bool("legacy", false);
        query.check();
        List<ModelView.VoiceView> voices =
                (model == null ? speechModels() : List.of(speaking.apply(model)))
                        .stream().flatMap(one -> ModelView.voices(one.card()).stream()).toList();
        if (legacy) {
            Json.respond(
                    ctx,
                    new VoiceNames(
                            voices.stream().map(ModelView.VoiceView::id).distinct().toList()));
        } else {
            Json.respond(ctx, new VoiceList(voices, voices, "list"));
        }
    }

    private List<InstalledModel> speechModels() {
        return library.installed(ModelTask.TEXT_TO_SPEECH);
    }
}
