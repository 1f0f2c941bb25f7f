package dev.parlo.server.transcription;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.admission.Admission;
import dev.parlo.registry.InstalledModel;
import dev.parlo.registry.ModelFamily;
import dev.parlo.server.Settings;
import dev.parlo.server.audio.AudioOpener;
import dev.parlo.server.fileurl.FileFetcher;
import dev.parlo.server.http.UploadLimits;
import dev.parlo.server.models.EngineFactory;
import dev.parlo.server.models.LoadedModel;
import dev.parlo.server.models.ModelLeases;
import dev.parlo.server.speaker.SpeakerTelling;
import dev.parlo.server.vad.DetectorLoans;
import io.javalin.config.RoutesConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;

/** Everything about transcription, built from the settings. Thread-safe. */
public final class TranscriptionPart {
    private final Settings settings;
    private final SpeechToTextLoader loader;
    private final AudioOpener audio;

    public TranscriptionPart(Settings settings, SpeechToTextLoader loader, AudioOpener audio) {
        this.settings = settings;
        this.loader = loader;
        this.audio = audio;
    }

    /** What runs the models of each family. */
    public Map<ModelFamily, EngineFactory> factories() {
        return Map.of(
                ModelFamily.WHISPER_CT2, new Factory(loader),
                ModelFamily.WHISPER_TRANSFORMERS, new Factory(loader),
                ModelFamily.WHISPER_ONNX, new Factory(loader),
                ModelFamily.WHISPER_GGML, new Factory(loader),
                ModelFamily.PARAKEET, new Factory(loader));
    }

    public TranscriptionPipeline pipeline(
            ModelLeases models, DetectorLoans detectors, SpeakerTelling speakers) {
        return new TranscriptionPipeline(
                models,
                audio,
                new AudioBudget(settings.limits().mostAudioSeconds()),
                detectors,
                speakers);
    }

    /** The routes of transcription, in order. */
    public List<Consumer<RoutesConfig>> routes(
            ModelLeases models,
            DetectorLoans detectors,
            SpeakerTelling speakers,
            UploadLimits uploads,
            FileFetcher fetcher,
            ScheduledExecutorService timer) {
        return List.of(
                new TranscriptionRoutes(
                                pipeline(models, detectors, speakers),
                                models,
                                uploads,
                                fetcher,
                                timer)
                        ::register);
    }

    /** What answers the protocols of other services. */
    public TranscriptionAnswers answers(
            ModelLeases models,
            DetectorLoans detectors,
            SpeakerTelling speakers,
            UploadLimits uploads,
            ScheduledExecutorService timer) {
        return new TranscriptionAnswers(
                pipeline(models, detectors, speakers), models, uploads, timer);
    }

    private record Factory(SpeechToTextLoader loader) implements EngineFactory {
        @Override
        public void prepare(InstalledModel model, Cancellation cancellation) {
            loader.prepare(model.family(), files(model), cancellation);
        }

        @Override
        public LoadedModel load(
                InstalledModel model, Admission admission, Cancellation cancellation) {
            return LoadedModel.of(
                    loader.load(
                            model.family(),
                            files(model),
                            Objects.requireNonNullElse(model.card().languages(), List.of()),
                            admission,
                            cancellation));
        }

        private static Path files(InstalledModel model) {
            return model.checkpoint().orElse(model.directory());
        }
    }
}
