package dev.parlo.server.elevenlabs;

import dev.parlo.registry.InstalledModel;
import dev.parlo.registry.ModelTask;
import dev.parlo.registry.SpeechVoices;
import dev.parlo.server.http.ApiError;
import dev.parlo.server.http.Fields;
import dev.parlo.server.http.Json;
import dev.parlo.server.models.ModelLibrary;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The voices of all speech models as ElevenLabs lists them. Thread-safe. */
public final class VoiceRoutes {
    /** Of the paged list. */
    record Page(
            List<Listed> voices, boolean hasMore, int totalCount, @Nullable String nextPageToken) {}

    /** A voice, with the models that have one of its id. */
    record Listed(
            String voiceId,
            String name,
            String category,
            Map<String, String> labels,
            String description,
            @Nullable String previewUrl,
            @Nullable Object settings,
            List<String> highQualityBaseModelIds) {
        static Listed of(SpeechVoices.Voice voice, String model) {
            String gender = voice.gender();
            return new Listed(
                    voice.id(),
                    voice.name(),
                    "premade",
                    gender == null
                            ? Map.of("language", voice.language())
                            : Map.of("language", voice.language(), "gender", gender),
                    voice.name() + " of " + model,
                    null,
                    null,
                    List.of(model));
        }

        Listed alsoOf(String model) {
            List<String> models = new ArrayList<>(highQualityBaseModelIds);
            models.add(model);
            return new Listed(
                    voiceId, name, category, labels, description, previewUrl, settings, models);
        }
    }

    private final ModelLibrary library;

    public VoiceRoutes(ModelLibrary library) {
        this.library = library;
    }

    public void register(RoutesConfig routes) {
        routes.get("/v1/voices", ctx -> Json.respond(ctx, Map.of("voices", voices())));
        routes.get("/v1/voices/{voice}", this::show);
        routes.get("/v2/voices", this::page);
    }

    private void show(Context ctx) {
        String id = ctx.pathParam("voice");
        Json.respond(
                ctx,
                voices().stream()
                        .filter(voice -> voice.voiceId().equals(id))
                        .findFirst()
                        .orElseThrow(() ->
                                ApiError.of(
                                        404,
                                        "There is no voice of that id; GET /v1/voices lists them.",
                                        "voice_not_found")));
    }

    private void page(Context ctx) {
        Fields query = Fields.query(ctx);
        VoiceQuery wanted = VoiceQuery.read(query);
        query.check();
        Page page = wanted.page(voices(), query);
        query.check();
        Json.respond(ctx, page);
    }

    /** Each id once: it is the first of these models that answers to it. */
    private List<Listed> voices() {
        Map<String, Listed> voices = new LinkedHashMap<>();
        for (InstalledModel model : library.installed(ModelTask.TEXT_TO_SPEECH)) {
            String id = model.id().toString();
            for (SpeechVoices.Voice voice : model.card().voices()) {
                voices.merge(voice.id(), Listed.of(voice, id), (one, other) -> one.alsoOf(id));
            }
        }
        return List.copyOf(voices.values());
    }
}
