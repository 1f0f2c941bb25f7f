package dev.parlo.server.transcription;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.Segment;
import dev.parlo.engine.admission.Priority;
import dev.parlo.engine.audio.OpenedAudio;
import dev.parlo.engine.audio.UploadSpool;
import dev.parlo.registry.InstalledModel;
import dev.parlo.registry.ModelTask;
import dev.parlo.server.http.UploadLimits;
import dev.parlo.server.models.ModelLeases;
import dev.parlo.server.transcription.TranscriptionPipeline.Work;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The words of a recording, for protocols that want nothing else of it. Thread-safe. */
public final class SpokenText {
    private final TranscriptionPipeline pipeline;
    private final ModelLeases models;
    private final UploadSpool spool;

    public SpokenText(TranscriptionPipeline pipeline, ModelLeases models, UploadLimits limits) {
        this.pipeline = pipeline;
        this.models = models;
        this.spool = new UploadSpool(limits.directory(), limits.maxFileBytes());
    }

    /** A job with the usual options, in a language; one that is not known here is detected. */
    public static TranscriptionJob job(@Nullable String language) {
        String code = language == null ? null : LanguageNames.code(language);
        return TranscriptionJob.of(
                name -> code != null && name.equals("language") ? List.of(code) : List.of());
    }

    /**
     * The languages that a model's card names; where it names none, English or all of Whisper's, by
     * the model's name.
     */
    public static List<String> languages(InstalledModel model) {
        List<String> named = model.card().languages();
        if (named != null && !named.isEmpty()) {
            return named;
        }
        return model.id().name().endsWith(".en") ? List.of("en") : LanguageNames.codes();
    }

    /**
     * Keeps a recording on disk until it is closed.
     *
     * @param audio in any format; it is read to its end
     * @throws dev.parlo.engine.EngineException as {@link UploadSpool#spool}
     */
    public UploadSpool.Upload keep(InputStream audio) {
        return spool.spool(audio);
    }

    /**
     * Transcribes a recording; blocks until it is done.
     *
     * @param model an id or an alias
     * @param each hears every segment as it comes; it may block
     * @return empty where nobody speaks
     * @throws dev.parlo.engine.EngineException as {@link TranscriptionPipeline#open} and {@link
     *     TranscriptionPipeline#run}
     */
    public String of(
            UploadSpool.Upload recording,
            String model,
            TranscriptionJob job,
            Consumer<Segment> each,
            Cancellation cancellation) {
        try (OpenedAudio audio = pipeline.open(recording.file(), null);
                ModelLeases.Place place =
                        models.admit(
                                model,
                                ModelTask.AUTOMATIC_SPEECH_RECOGNITION,
                                Priority.INTERACTIVE,
                                cancellation)) {
            pipeline.check(audio, job.options(), cancellation);
            List<Segment> segments = new ArrayList<>();
            var unused =
                    pipeline.run(
                            new Work(
                                    audio,
                                    job.options(),
                                    job.speech(),
                                    new SpeakerSource.Nothing(),
                                    place,
                                    null),
                            segment -> {
                                segments.add(segment);
                                each.accept(segment);
                            });
            return TranscriptWriter.text(segments);
        }
    }
}
