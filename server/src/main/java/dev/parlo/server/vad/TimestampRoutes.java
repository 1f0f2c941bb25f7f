package dev.parlo.server.vad;

import dev.parlo.engine.admission.Priority;
import dev.parlo.engine.audio.AudioSource;
import dev.parlo.engine.audio.OpenedAudio;
import dev.parlo.engine.audio.TimeMap;
import dev.parlo.engine.vad.SpeechSpan;
import dev.parlo.engine.vad.VoiceActivityEngine;
import dev.parlo.registry.ModelTask;
import dev.parlo.server.audio.AudioOpener;
import dev.parlo.server.http.ClientWatch;
import dev.parlo.server.http.Json;
import dev.parlo.server.http.MultipartForm;
import dev.parlo.server.http.RunningRequest;
import dev.parlo.server.http.UploadLimits;
import dev.parlo.server.models.ModelLeases;
import dev.parlo.server.models.ModelLeases.Leased;
import dev.parlo.server.models.QueuePlace;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;

/** {@code POST /v1/audio/speech/timestamps}: where somebody speaks in a file. Thread-safe. */
final class TimestampRoutes {
    private static final String FALLBACK = "X-Parlo-Fallback";
    private static final int SAMPLES_PER_MS = AudioSource.SAMPLE_RATE / 1000;

    /** Milliseconds. */
    private record Timestamp(long start, long end) {}

    private final VoiceActivityModels models;
    private final ModelLeases leases;
    private final AudioOpener audio;
    private final UploadLimits limits;
    private final ScheduledExecutorService timer;

    public TimestampRoutes(
            VoiceActivityModels models,
            ModelLeases leases,
            AudioOpener audio,
            UploadLimits limits,
            ScheduledExecutorService timer) {
        this.models = models;
        this.leases = leases;
        this.audio = audio;
        this.limits = limits;
        this.timer = timer;
    }

    public void register(RoutesConfig routes) {
        for (String slash : List.of("", "/")) {
            routes.post("/v1/audio/speech/timestamps" + slash, this::handle);
        }
    }

    private void handle(Context ctx) {
        long start = System.nanoTime();
        RunningRequest running = RunningRequest.of(ctx);
        try (QueuePlace place =
                        new QueuePlace(
                                leases,
                                ModelTask.VOICE_ACTIVITY_DETECTION,
                                running.cancellation());
                MultipartForm form = MultipartForm.read(ctx, Set.of("file"), limits, place)) {
            TimestampRequest request = TimestampRequest.read(form);
            try (OpenedAudio opened =
                    OpenedAudio.of(
                            audio.open(request.file().path(), request.file().contentType()))) {
                VoiceActivityModels.Choice choice = models.choose(request.model());
                ClientWatch.during(
                        ctx,
                        timer,
                        request.model(),
                        start,
                        () -> answer(ctx, request, choice, opened, place, start));
            }
        }
    }

    private void answer(
            Context ctx,
            TimestampRequest request,
            VoiceActivityModels.Choice choice,
            OpenedAudio opened,
            QueuePlace place,
            long start) {
        try (Leased<VoiceActivityEngine> lease =
                leases.lease(
                        place.of(choice.model(), Priority.BATCH),
                        ModelTask.VOICE_ACTIVITY_DETECTION,
                        VoiceActivityEngine.class,
                        null)) {
            VoiceActivityEngine.Activity activity =
                    lease.engine().listen(opened, request.options(), lease.ticket());
            choice.fallback().ifPresent(instead -> ctx.header(FALLBACK, instead));
            Optional<String> truncation = opened.truncation();
            truncation.ifPresent(why -> ctx.header(AudioOpener.TRUNCATED, why));
            TimeMap times = opened.times();
            Json.respond(
                    ctx, activity.spans().stream().map(span -> milliseconds(span, times)).toList());
            RunningRequest.of(ctx)
                    .note(lease.modelId(), times.duration(activity.durationSeconds()), start);
        }
    }

    /** At times of the file, of which the samples may have left out some. */
    private static Timestamp milliseconds(SpeechSpan span, TimeMap times) {
        if (times.gaps().isEmpty()) {
            return new Timestamp(span.start() / SAMPLES_PER_MS, span.end() / SAMPLES_PER_MS);
        }
        TimeMap.Span moved =
                times.span(
                        (double) span.start() / AudioSource.SAMPLE_RATE,
                        (double) span.end() / AudioSource.SAMPLE_RATE);
        return new Timestamp((long) (moved.start() * 1000), (long) (moved.end() * 1000));
    }
}
