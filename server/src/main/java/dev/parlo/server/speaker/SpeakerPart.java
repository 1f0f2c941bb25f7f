package dev.parlo.server.speaker;

import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineException.Category;
import dev.parlo.engine.speaker.SpeakerDiarizer;
import dev.parlo.engine.speaker.SpeakerEmbedder;
import dev.parlo.registry.InstalledModel;
import dev.parlo.registry.ModelFamily;
import dev.parlo.server.audio.AudioOpener;
import dev.parlo.server.http.UploadLimits;
import dev.parlo.server.models.EngineFactory;
import dev.parlo.server.models.LoadedModel;
import dev.parlo.server.models.ModelLeases;
import io.javalin.config.RoutesConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;

/** Everything about voices. Thread-safe. */
public final class SpeakerPart {
    private final int threads = Runtime.getRuntime().availableProcessors();

    /** What runs the models of each family. */
    public Map<ModelFamily, EngineFactory> factories() {
        return Map.of(
                ModelFamily.SPEAKER_EMBEDDING,
                (model, admission, cancellation) -> {
                    SpeakerEmbedder engine = new SpeakerEmbedder(graph(model), threads, admission);
                    return new LoadedModel(engine, engine::facts);
                },
                ModelFamily.DIARIZATION,
                (model, admission, cancellation) -> {
                    SpeakerDiarizer engine = new SpeakerDiarizer(graph(model), threads, admission);
                    return new LoadedModel(engine, engine::facts);
                });
    }

    private static Path graph(InstalledModel model) {
        return model.graph()
                .orElseThrow(() ->
                        new EngineException(
                                Category.BAD_MODEL,
                                "Model '" + model.id() + "' holds no .onnx file."));
    }

    /** The routes of voices, in order. */
    public List<Consumer<RoutesConfig>> routes(
            SpeakerModels speakers,
            ModelLeases models,
            AudioOpener audio,
            UploadLimits uploads,
            ScheduledExecutorService timer) {
        return List.of(
                new EmbeddingRoutes(models, audio, uploads, timer)::register,
                new DiarizationRoutes(speakers, models, audio, uploads, timer)::register);
    }
}
