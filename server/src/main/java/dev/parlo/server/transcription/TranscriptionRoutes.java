package dev.parlo.server.transcription;

import dev.parlo.engine.Segment;
import dev.parlo.engine.TranscribeOptions;
import dev.parlo.engine.TranscribeOptions.Task;
import dev.parlo.engine.admission.Priority;
import dev.parlo.engine.audio.OpenedAudio;
import dev.parlo.engine.audio.UploadSpool;
import dev.parlo.registry.ModelTask;
import dev.parlo.server.audio.AudioOpener;
import dev.parlo.server.fileurl.FileFetcher;
import dev.parlo.server.http.ClientWatch;
import dev.parlo.server.http.ContentType;
import dev.parlo.server.http.Json;
import dev.parlo.server.http.JsonForm;
import dev.parlo.server.http.MultipartForm;
import dev.parlo.server.http.MultipartForm.UploadedFile;
import dev.parlo.server.http.RunningRequest;
import dev.parlo.server.http.SseWriter;
import dev.parlo.server.http.UploadLimits;
import dev.parlo.server.models.ModelLeases;
import dev.parlo.server.models.QueuePlace;
import dev.parlo.server.speaker.VoiceReferences;
import dev.parlo.server.transcription.TranscriptionPipeline.Result;
import dev.parlo.server.transcription.TranscriptionPipeline.Work;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Speech to text over HTTP, as OpenAI's audio API and Speaches have it. Thread-safe. */
final class TranscriptionRoutes {
    /** The fields that go to disk. */
    private static final Set<String> SPOOLED =
            Stream.concat(Stream.of("file"), VoiceReferences.fileFields().stream())
                    .collect(Collectors.toUnmodifiableSet());

    private final TranscriptionPipeline pipeline;
    private final ModelLeases models;
    private final UploadLimits limits;
    private final FileFetcher fetcher;
    private final ScheduledExecutorService timer;
    private final Duration heartbeat;

    public TranscriptionRoutes(
            TranscriptionPipeline pipeline,
            ModelLeases models,
            UploadLimits limits,
            FileFetcher fetcher,
            ScheduledExecutorService timer) {
        this(pipeline, models, limits, fetcher, timer, SseWriter.HEARTBEAT);
    }

    TranscriptionRoutes(
            TranscriptionPipeline pipeline,
            ModelLeases models,
            UploadLimits limits,
            FileFetcher fetcher,
            ScheduledExecutorService timer,
            Duration heartbeat) {
        this.pipeline = pipeline;
        this.models = models;
        this.limits = limits;
        this.fetcher = fetcher;
        this.timer = timer;
        this.heartbeat = heartbeat;
    }

    public void register(RoutesConfig routes) {
        for (String slash : List.of("", "/")) {
            String transcriptions = "/v1/audio/transcriptions" + slash;
            String translations = "/v1/audio/translations" + slash;
            routes.post(transcriptions, ctx -> handle(ctx, Task.TRANSCRIBE));
            routes.post(translations, ctx -> handle(ctx, Task.TRANSLATE));
            routes.get(transcriptions, TranscriptionRoutes::usage);
            routes.get(translations, TranscriptionRoutes::usage);
        }
    }

    /** For proxies that probe the path, and people who open it in a browser. */
    private static void usage(Context ctx) {
        Json.respond(
                ctx,
                Map.of(
                        "usage",
                        "POST a multipart form with the fields 'file' and 'model' to "
                                + ctx.path()
                                + "; GET /v1/models lists the models."));
    }

    private void handle(Context ctx, Task route) {
        long start = System.nanoTime();
        RunningRequest running = RunningRequest.of(ctx);
        try (QueuePlace place =
                        new QueuePlace(
                                models,
                                ModelTask.AUTOMATIC_SPEECH_RECOGNITION,
                                running.cancellation());
                MultipartForm form =
                        JsonForm.isJson(ctx)
                                ? JsonForm.read(ctx, "file", limits, place)
                                : MultipartForm.read(ctx, SPOOLED, limits, place)) {
            fetcher.attach(ctx, form, "file_url", "file", timer);
            TranscriptionRequest request = TranscriptionForm.read(form, route);
            UploadedFile file = request.file();
            try (VoiceReferences references = references(form, request);
                    OpenedAudio audio = pipeline.open(file.path(), file.contentType())) {
                TranscribeOptions options = request.job().options();
                pipeline.check(audio, options, running.cancellation());
                // A stream is read while it is made; a whole answer can wait for its turn longer.
                Priority priority = request.stream() ? Priority.INTERACTIVE : Priority.BATCH;
                Work work =
                        new Work(
                                audio,
                                options,
                                request.job().speech(),
                                pipeline.speakers(
                                        request.job().speakers(),
                                        file.path(),
                                        file.contentType(),
                                        audio,
                                        references,
                                        running.cancellation()),
                                place.of(request.model(), priority),
                                request.keepAlive());
                transcribe(ctx, request, work, start);
            }
        }
    }

    private VoiceReferences references(MultipartForm form, TranscriptionRequest request) {
        SpeakerJob speakers = request.job().speakers();
        return speakers.diarize()
                ? VoiceReferences.read(
                        form,
                        speakers.fields().names(),
                        new UploadSpool(limits.directory(), limits.maxFileBytes()),
                        pipeline.audio())
                : VoiceReferences.none();
    }

    private void transcribe(Context ctx, TranscriptionRequest request, Work work, long start) {
        // Watched from here on: a client may leave while its model is being loaded.
        ClientWatch.during(
                ctx,
                timer,
                request.model(),
                start,
                () -> {
                    if (request.stream()) {
                        stream(ctx, request, work, start);
                    } else {
                        answer(ctx, request, work, start);
                    }
                });
    }

    private void answer(Context ctx, TranscriptionRequest request, Work work, long start) {
        List<Segment> segments = new ArrayList<>();
        Result result = pipeline.run(work, segments::add);
        TranscriptWriter writer = request.job().writer();
        result.truncation().ifPresent(why -> ctx.header(AudioOpener.TRUNCATED, why));
        String body = writer.write(result.transcript(), segments, result.truncation().orElse(null));
        ContentType.respond(ctx, writer.format().contentType(), body);
        log(ctx, result, start);
    }

    private void stream(Context ctx, TranscriptionRequest request, Work work, long start) {
        SseWriter.answer(
                ctx,
                timer,
                heartbeat,
                events -> {
                    TranscriptionStream stream =
                            new TranscriptionStream(events, request.job().writer());
                    Result result = pipeline.run(work, stream);
                    stream.done(result.truncation().orElse(null));
                    log(ctx, result, start);
                },
                error -> {
                    RunningRequest.of(ctx).note(work.place().model(), 0, start);
                    return SseWriter.failure(error);
                });
    }

    private static void log(Context ctx, Result result, long start) {
        RunningRequest running = RunningRequest.of(ctx);
        running.note(result.modelId(), result.transcript().durationSeconds(), start);
        if (result.truncation().isPresent()) {
            running.note("audio_truncated", true);
        }
    }
}
