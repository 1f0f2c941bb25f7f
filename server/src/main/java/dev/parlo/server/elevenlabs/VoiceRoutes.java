package dev.parlo.server.elevenlabs;

import dev.parlo.registry.ModelTask;
import dev.parlo.registry.SpeechVoices;
import dev.parlo.server.http.ApiError;
import dev.parlo.server.http.Json;
import dev.parlo.server.models.ModelLibrary;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The voices of all speech models as ElevenLabs lists them. Thread-safe. */
public final class VoiceRoutes {
    /** Of the paged twin; everything comes as one page. */
    private record Page(
            List<Listed> voices, boolean hasMore, int totalCount, @Nullable String nextPageToken) {}

    private record Listed(
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
        List<Listed> voices = voices();
        Json.respond(ctx, new Page(voices, false, voices.size(), null));
    }

    private List<Listed> voices() {
        return library.installed(ModelTask.TEXT_TO_SPEECH).stream()
                .flatMap(model ->
                        model.card().voices().stream()
                                .map(voice -> Listed.of(voice, model.id().toString())))
                .toList();
    }
}
