package dev.parlo.server.transcription;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineException.Category;
import dev.parlo.engine.Segment;
import dev.parlo.engine.TranscribeOptions;
import dev.parlo.engine.TranscribeOptions.Task;
import dev.parlo.engine.Transcript;
import dev.parlo.engine.admission.Priority;
import dev.parlo.engine.admission.Ticket;
import dev.parlo.engine.audio.AudioSource;
import dev.parlo.server.http.ApiError;
import dev.parlo.server.http.ClientWatch;
import dev.parlo.server.http.ContentType;
import dev.parlo.server.http.IncompleteAnswer;
import dev.parlo.server.http.Json;
import dev.parlo.server.http.MultipartForm;
import dev.parlo.server.http.RunningRequest;
import dev.parlo.server.http.SseWriter;
import dev.parlo.server.http.UploadLimits;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Speech to text over HTTP, as OpenAI's audio API and Speaches have it. Thread-safe. */
public final class TranscriptionRoutes {
    /** Between two bytes of a stream: below the idle time of common proxies. */
    private static final Duration HEARTBEAT = Duration.ofSeconds(15);

    private static final Logger LOG = LoggerFactory.getLogger(TranscriptionRoutes.class);
    private static final String AUDIO_TRUNCATED = "X-Audio-Truncated";

    private final SpeechToTextModels models;
    private final AudioOpener audio;
    private final AudioBudget budget;
    private final UploadLimits limits;
    private final ScheduledExecutorService timer;
    private final Duration heartbeat;

    public TranscriptionRoutes(
            SpeechToTextModels models,
            AudioOpener audio,
            AudioBudget budget,
            UploadLimits limits,
            ScheduledExecutorService timer) {
        this(models, audio, budget, limits, timer, HEARTBEAT);
    }

    TranscriptionRoutes(
            SpeechToTextModels models,
            AudioOpener audio,
            AudioBudget budget,
            UploadLimits limits,
            ScheduledExecutorService timer,
            Duration heartbeat) {
        this.models = models;
        this.audio = audio;
        this.budget = budget;
        this.limits = limits;
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
        Cancellation cancellation = RunningRequest.of(ctx).cancellation();
        try (QueuePlace place = new QueuePlace(models, cancellation);
                MultipartForm form = MultipartForm.read(ctx, Set.of("file"), limits, place)) {
            TranscriptionRequest request = TranscriptionForm.read(form, route);
            AudioSource source = audio.open(request.file().path(), request.file().contentType());
            source.open().close(); // no model is loaded, nor looked for, to refuse what is no audio
            budget.check(request.job().options().clipTimestamps(), source, cancellation);
            // A stream is read while it is made; a whole answer can wait for its turn longer.
            Priority priority = request.stream() ? Priority.INTERACTIVE : Priority.BATCH;
            Ticket ticket = place.of(request.model(), priority);
            transcribe(ctx, request, source, ticket, start);
        }
    }

    private void transcribe(
            Context ctx,
            TranscriptionRequest request,
            AudioSource source,
            Ticket ticket,
            long start) {
        RunningRequest running = RunningRequest.of(ctx);
        // Watched from here on: a client may leave while its model is being loaded.
        try (ClientWatch watch = ClientWatch.open(ctx, timer, running::clientGone);
                SpeechToTextModels.Lease lease =
                        models.lease(request.model(), request.keepAlive(), ticket)) {
            TranscribeOptions options = forModel(request.job().options(), lease);
            double seconds =
                    request.stream()
                            ? stream(ctx, request, options, source, lease)
                            : answer(ctx, request, options, source, lease);
            running.note(lease.modelId(), seconds, start);
        } catch (EngineException e) {
            if (e.category() == Category.CANCELLED && running.clientIsGone()) {
                running.note(request.model(), 0, start);
                IncompleteAnswer.clientGone(ctx);
                return;
            }
            throw e;
        }
    }

    /** What the model can do, checked before anything is computed. */
    private static TranscribeOptions forModel(
            TranscribeOptions options, SpeechToTextModels.Lease lease) {
        SpokenLanguage.checkTask(options.task(), lease.engine(), lease.modelId());
        return SpokenLanguage.in(options, lease.engine());
    }

    /** Returns the seconds of audio. */
    private static double answer(
            Context ctx,
            TranscriptionRequest request,
            TranscribeOptions options,
            AudioSource source,
            SpeechToTextModels.Lease lease) {
        List<Segment> segments = new ArrayList<>();
        Transcript transcript =
                lease.engine().transcribe(source, options, segments::add, lease.ticket());
        TranscriptWriter writer = request.job().writer();
        String truncation = truncation(ctx, request, source);
        if (truncation != null) {
            ctx.header(AUDIO_TRUNCATED, truncation);
        }
        String body = writer.write(transcript, segments, truncation);
        ContentType.respond(ctx, writer.format().contentType(), body);
        return transcript.durationSeconds();
    }

    /** Why not all of the audio was read, which the log is told as well; null where it was. */
    private static @Nullable String truncation(
            Context ctx, TranscriptionRequest request, AudioSource source) {
        String why = source.truncation().orElse(null);
        if (why != null) {
            LOG.warn("The audio of {} bytes is not whole. {}", request.file().bytes(), why);
            RunningRequest.of(ctx).note("audio_truncated", true);
        }
        return why;
    }

    /** Returns the seconds of audio, 0 where the stream ended with an error. */
    private double stream(
            Context ctx,
            TranscriptionRequest request,
            TranscribeOptions options,
            AudioSource source,
            SpeechToTextModels.Lease lease) {
        RunningRequest running = RunningRequest.of(ctx);
        try (SseWriter events = new SseWriter(ctx, timer, heartbeat, running::clientGone)) {
            TranscriptionStream stream =
                    new TranscriptionStream(events, request.job().writer().logProbabilities());
            try {
                Transcript transcript =
                        lease.engine().transcribe(source, options, stream, lease.ticket());
                stream.done(truncation(ctx, request, source));
                return transcript.durationSeconds();
            } catch (RuntimeException e) {
                if (!events.started() || running.clientIsGone()) {
                    throw e;
                }
                // The status is out as 200: say it in the stream.
                ApiError error = running.failure(e);
                stream.failed(error);
                RunningRequest.of(ctx).note("error", error.status());
                return 0;
            }
        }
    }
}
