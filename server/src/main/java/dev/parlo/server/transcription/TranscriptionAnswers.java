package dev.parlo.server.transcription;

import dev.parlo.engine.Segment;
import dev.parlo.engine.admission.Priority;
import dev.parlo.engine.audio.OpenedAudio;
import dev.parlo.registry.ModelTask;
import dev.parlo.server.audio.AudioOpener;
import dev.parlo.server.http.ClientWatch;
import dev.parlo.server.http.Fields;
import dev.parlo.server.http.MultipartForm;
import dev.parlo.server.http.MultipartForm.UploadedFile;
import dev.parlo.server.http.RunningRequest;
import dev.parlo.server.http.UploadLimits;
import dev.parlo.server.models.ModelLeases;
import dev.parlo.server.models.QueuePlace;
import dev.parlo.server.speaker.VoiceReferences;
import dev.parlo.server.transcription.TranscriptionPipeline.Result;
import dev.parlo.server.transcription.TranscriptionPipeline.Work;
import dev.parlo.server.vad.SpeechFilter;
import io.javalin.http.Context;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Transcribes the file of a form for the protocols of other services, which differ in the names of
 * fields and in how an answer is written: the queue, the limits and the errors are those of {@link
 * TranscriptionRoutes}. Thread-safe.
 */
public final class TranscriptionAnswers {
    private final TranscriptionPipeline pipeline;
    private final ModelLeases models;
    private final UploadLimits limits;
    private final ScheduledExecutorService timer;

    public TranscriptionAnswers(
            TranscriptionPipeline pipeline,
            ModelLeases models,
            UploadLimits limits,
            ScheduledExecutorService timer) {
        this.pipeline = pipeline;
        this.models = models;
        this.limits = limits;
        this.timer = timer;
    }

    /**
     * What was asked for.
     *
     * @param model id or alias
     * @param contentType what the file is to be read as, whatever it was uploaded as; null for that
     */
    public record Order(String model, @Nullable String contentType, TranscriptionJob job) {}

    /**
     * What came of it.
     *
     * @param file as it was uploaded
     * @param channels that were transcribed each by itself; 1 where they were mixed
     */
    public record Heard(
            UploadedFile file, Order order, Result result, List<Segment> segments, int channels) {
        /** The transcript in the format that the job asks for. */
        public String written() {
            return order.job()
                    .writer()
                    .write(result.transcript(), segments, result.truncation().orElse(null));
        }
    }

    /** How a request's body becomes a form. */
    public interface FormReader {
        /**
         * @param listener hears of parts, and can refuse the request before a file is spooled
         */
        MultipartForm read(Context ctx, UploadLimits limits, MultipartForm.PartListener listener);

        /** A multipart form whose file is in a field of that name. */
        static FormReader multipart(String field) {
            return (ctx, limits, listener) ->
                    MultipartForm.read(ctx, Set.of(field), limits, listener);
        }

        /**
         * The same for a model that no field names: it is known before the first byte of the form,
         * so that a full queue refuses it unread.
         */
        default FormReader withModel(String model) {
            return (ctx, limits, listener) -> {
                listener.text(QueuePlace.MODEL, model);
                return read(ctx, limits, MultipartForm.PartListener.NONE);
            };
        }

        /**
         * The same for a model that a field names: the request waits before that one and no other.
         *
         * @param field of the form
         * @param model the id or alias that a value of it means
         */
        default FormReader withModelIn(String field, UnaryOperator<String> model) {
            return (ctx, limits, listener) ->
                    read(
                            ctx,
                            limits,
                            new MultipartForm.PartListener() {
                                @Override
                                public void text(String name, String value) {
                                    if (name.equals(field) && !value.isEmpty()) {
                                        listener.text(QueuePlace.MODEL, model.apply(value));
                                    }
                                }

                                @Override
                                public void file(String name) {
                                    listener.file(name);
                                }
                            });
        }
    }

    /**
     * Reads the form, transcribes its file and has the answer written.
     *
     * @param forms reads the body, and tells which model is asked for as soon as it is known
     * @param field that the file is in
     * @param reading makes the form an order; the file is known to be there
     * @param writing writes the answer
     */
    public void transcribe(
            Context ctx,
            FormReader forms,
            String field,
            Function<MultipartForm, Order> reading,
            BiConsumer<Context, Heard> writing) {
        long start = System.nanoTime();
        withFile(
                ctx,
                forms,
                field,
                (form, place) -> {
                    UploadedFile file = form.requireFile(field);
                    Order order = reading.apply(form);
                    try (OpenedAudio audio = pipeline.open(file.path(), type(order, file))) {
                        RunningRequest running = RunningRequest.of(ctx);
                        TranscriptionJob job = order.job();
                        pipeline.check(audio, job.options(), running.cancellation());
                        Work work =
                                new Work(
                                        audio,
                                        job.options(),
                                        job.speech(),
                                        pipeline.speakers(
                                                job.speakers(),
                                                file.path(),
                                                type(order, file),
                                                audio,
                                                VoiceReferences.none(),
                                                running.cancellation()),
                                        place.of(order.model(), Priority.BATCH),
                                        null);
                        answer(
                                ctx,
                                order.model(),
                                start,
                                () -> {
                                    List<Segment> segments = new ArrayList<>();
                                    Result result = pipeline.run(work, segments::add);
                                    writing.accept(
                                            ctx,
                                            new Heard(
                                                    file,
                                                    order,
                                                    result,
                                                    segments,
                                                    channels(work.speakers())));
                                    return result;
                                });
                    }
                });
    }

    /**
     * Reads the form, detects the language of its file and has the answer written.
     *
     * @param field that the file is in
     * @param model id or alias
     * @param contentType as of {@link Order}
     */
    public void detectLanguage(
            Context ctx,
            String field,
            String model,
            @Nullable String contentType,
            BiConsumer<Context, Result> writing) {
        long start = System.nanoTime();
        withFile(
                ctx,
                FormReader.multipart(field).withModel(model),
                field,
                (form, place) -> {
                    UploadedFile file = form.requireFile(field);
                    String type = contentType == null ? file.contentType() : contentType;
                    try (OpenedAudio audio = pipeline.open(file.path(), type)) {
                        Work work =
                                new Work(
                                        audio,
                                        SpokenText.job(null).options(),
                                        SpeechFilter.off(),
                                        new SpeakerSource.Nothing(),
                                        place.of(model, Priority.INTERACTIVE),
                                        null);
                        answer(
                                ctx,
                                model,
                                start,
                                () -> {
                                    Result result = pipeline.detectLanguage(work);
                                    writing.accept(ctx, result);
                                    return result;
                                });
                    }
                });
    }

    private static int channels(SpeakerSource speakers) {
        return speakers instanceof SpeakerSource.Channels(List<SpeakerSource.Channel> each)
                ? each.size()
                : 1;
    }

    private static @Nullable String type(Order order, UploadedFile file) {
        return order.contentType() == null ? file.contentType() : order.contentType();
    }

    private void withFile(
            Context ctx,
            FormReader forms,
            String field,
            BiConsumer<MultipartForm, QueuePlace> handling) {
        RunningRequest running = RunningRequest.of(ctx);
        try (QueuePlace place =
                        new QueuePlace(
                                models,
                                ModelTask.AUTOMATIC_SPEECH_RECOGNITION,
                                running.cancellation());
                MultipartForm form = forms.read(ctx, limits, place)) {
            if (form.file(field) == null) {
                Fields fields = form.fields();
                fields.rejectMissing(field);
                fields.check();
            }
            handling.accept(form, place);
        }
    }

    private interface Answer {
        Result get();
    }

    private void answer(Context ctx, String model, long start, Answer work) {
        // Watched from here on: a client may leave while its model is being loaded.
        ClientWatch.during(
                ctx,
                timer,
                model,
                start,
                () -> {
                    Result result = work.get();
                    result.truncation().ifPresent(why -> ctx.header(AudioOpener.TRUNCATED, why));
                    RunningRequest.of(ctx)
                            .note(result.modelId(), result.transcript().durationSeconds(), start);
                });
    }
}
