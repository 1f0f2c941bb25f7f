package dev.parlo.server.transcription;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.Segment;
import dev.parlo.engine.admission.Priority;
import dev.parlo.engine.audio.OpenedAudio;
import dev.parlo.engine.audio.UploadSpool;
import dev.parlo.registry.InstalledModel;
import dev.parlo.registry.ModelTask;
import dev.parlo.registry.RegistryException;
import dev.parlo.server.http.UploadLimits;
import dev.parlo.server.models.ModelLeases;
import dev.parlo.server.models.ModelLibrary;
import dev.parlo.server.transcription.TranscriptionPipeline.Work;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The words of a recording, for protocols that want nothing else of it. Thread-safe. */
public final class SpokenText {
    private static final String USUAL_MODEL = "whisper-1";

    private final TranscriptionPipeline pipeline;
    private final ModelLeases models;
    private final ModelLibrary library;
    private final UploadSpool spool;

    public SpokenText(
            TranscriptionPipeline pipeline,
            ModelLeases models,
            ModelLibrary library,
            UploadLimits limits) {
        this.pipeline = pipeline;
        this.models = models;
        this.library = library;
        this.spool = new UploadSpool(limits.directory(), limits.maxFileBytes());
    }

    /**
     * Transcribes a recording in any format; blocks until it is done.
     *
     * @param model an id or an alias; null for the usual one, or any that is installed
     * @return empty where nobody speaks
     * @throws dev.parlo.engine.EngineException as {@link TranscriptionPipeline#open} and {@link
     *     TranscriptionPipeline#run}
     */
    public String of(
            byte[] audio, @Nullable String model, TranscriptionJob job, Cancellation cancellation) {
        try (UploadSpool.Upload file = spool.spool(new ByteArrayInputStream(audio));
                OpenedAudio opened = pipeline.open(file.file(), null);
                ModelLeases.Place place =
                        models.admit(
                                model == null ? usual() : model,
                                ModelTask.AUTOMATIC_SPEECH_RECOGNITION,
                                Priority.INTERACTIVE,
                                cancellation)) {
            pipeline.check(opened, job.options(), cancellation);
            List<Segment> segments = new ArrayList<>();
            var unused =
                    pipeline.run(
                            new Work(
                                    opened,
                                    job.options(),
                                    job.speech(),
                                    new SpeakerSource.Nothing(),
                                    place,
                                    null),
                            segments::add);
            return TranscriptWriter.text(segments);
        }
    }

    /**
     * The model for those who name none: that of {@code whisper-1}, or another that is installed,
     * one that was added before one that came with the program.
     */
    public String usual() {
        if (isInstalled(USUAL_MODEL)) {
            return USUAL_MODEL;
        }
        List<InstalledModel> all = library.installed(ModelTask.AUTOMATIC_SPEECH_RECOGNITION);
        return all.stream()
                .filter(model -> model.origin() != InstalledModel.Origin.BUILT_IN)
                .findFirst()
                .or(() -> all.stream().findFirst())
                .map(model -> model.id().toString())
                .orElse(USUAL_MODEL); // which is refused, saying how to install it
    }

    private boolean isInstalled(String name) {
        try {
            return library.find(name).isPresent();
        } catch (RegistryException noId) {
            return false;
        }
    }
}
