package dev.parlo.server.vad;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineException.Category;
import dev.parlo.engine.admission.Admission;
import dev.parlo.engine.vad.NanoVad;
import dev.parlo.engine.vad.SileroVad;
import dev.parlo.engine.vad.VoiceActivityEngine;
import dev.parlo.registry.InstalledModel;
import dev.parlo.registry.ModelFamily;
import dev.parlo.registry.ModelId;
import dev.parlo.registry.PartOfServer;
import dev.parlo.server.Settings;
import dev.parlo.server.audio.AudioOpener;
import dev.parlo.server.http.UploadLimits;
import dev.parlo.server.models.EngineFactory;
import dev.parlo.server.models.LoadedModel;
import dev.parlo.server.models.ModelLeases;
import dev.parlo.server.models.ModelLibrary;
import io.javalin.config.RoutesConfig;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;

/** Everything about voice activity, built from the settings. Thread-safe. */
public final class VoiceActivityPart {
    private final Settings settings;

    public VoiceActivityPart(Settings settings) {
        this.settings = settings;
    }

    /** The detector that comes with the server. */
    public List<PartOfServer> partsOfServer() {
        return List.of(
                PartOfServer.of(
                        InstalledModel.partOfServer(
                                ModelId.parse(VoiceActivityModels.BUILT_IN),
                                ModelFamily.BUILT_IN_VAD,
                                List.of(),
                                null,
                                settings.files().cache())));
    }

    /** What runs the models of each family. */
    public Map<ModelFamily, EngineFactory> factories() {
        return Map.of(
                ModelFamily.SILERO_VAD,
                VoiceActivityPart::silero,
                ModelFamily.BUILT_IN_VAD,
                (model, admission, cancellation) ->
                        LoadedModel.of(new VoiceActivityEngine(new NanoVad(), admission)));
    }

    private static LoadedModel silero(
            InstalledModel model, Admission admission, Cancellation cancellation) {
        return LoadedModel.of(new VoiceActivityEngine(open(model), admission));
    }

    private static SileroVad open(InstalledModel model) {
        return SileroVad.open(
                model.graph()
                        .orElseThrow(() ->
                                new EngineException(
                                        Category.BAD_MODEL,
                                        "Model '" + model.id() + "' holds no .onnx file.")));
    }

    /** The detectors that requests use. */
    public VoiceActivityModels models(ModelLibrary library, ModelLeases leases) {
        return new VoiceActivityModels(library, leases);
    }

    /** The routes of voice activity, in order. */
    public List<Consumer<RoutesConfig>> routes(
            VoiceActivityModels models,
            ModelLeases leases,
            AudioOpener audio,
            UploadLimits uploads,
            ScheduledExecutorService timer) {
        return List.of(new TimestampRoutes(models, leases, audio, uploads, timer)::register);
    }
}
