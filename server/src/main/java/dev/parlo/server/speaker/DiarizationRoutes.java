package dev.parlo.server.speaker;

import static dev.parlo.server.options.OptionType.choice;
import static dev.parlo.server.options.OptionType.text;

import dev.parlo.engine.admission.Priority;
import dev.parlo.engine.audio.OpenedAudio;
import dev.parlo.engine.audio.UploadSpool;
import dev.parlo.engine.speaker.SpeakerSpans.Span;
import dev.parlo.registry.ModelTask;
import dev.parlo.server.audio.AudioOpener;
import dev.parlo.server.http.ClientWatch;
import dev.parlo.server.http.ContentType;
import dev.parlo.server.http.Fields;
import dev.parlo.server.http.Json;
import dev.parlo.server.http.MultipartForm;
import dev.parlo.server.http.MultipartForm.UploadedFile;
import dev.parlo.server.http.RunningRequest;
import dev.parlo.server.http.UploadLimits;
import dev.parlo.server.models.ModelLeases;
import dev.parlo.server.models.QueuePlace;
import dev.parlo.server.options.Option;
import dev.parlo.server.options.OptionType;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** {@code POST /v1/audio/diarization}: who speaks when in a file. Thread-safe. */
public final class DiarizationRoutes {
    private final SpeakerModels speakers;
    private final ModelLeases leases;
    private final AudioOpener audio;
    private final UploadLimits limits;
    private final ScheduledExecutorService timer;

    /** What the fields set. */
    private static final class Draft {
        String model = "";
        String format = JSON;
        final SpeakerFields speakers = new SpeakerFields();
    }

    private static final String JSON = "json";
    private static final String RTTM = "rttm";

    private static final List<Option<Draft, ?>> FIELDS =
            Stream.concat(
                            Stream.of(
                                    Option.<Draft, String>of(
                                                    "file",
                                                    new OptionType.Upload(),
                                                    "Audio or video, as for a transcription.",
                                                    (draft, name) -> {})
                                            .mandatory(),
                                    Option.<Draft, String>of(
                                                    "model",
                                                    text(),
                                                    "Id or alias of a diarization model.",
                                                    (draft, name) -> draft.model = name)
                                            .mandatory(),
                                    Option.<Draft, String>of(
                                                    "response_format",
                                                    choice(List.of(JSON, RTTM)),
                                                    "`rttm` is NIST's, one line a turn.",
                                                    (draft, name) -> draft.format = name)
                                            .fallback(JSON)),
                            SpeakerFields.<Draft>options(draft -> draft.speakers).stream())
                    .toList();

    private record Response(double duration, List<Segment> segments) {}

    private record Segment(double start, double end, String speaker) {}

    public DiarizationRoutes(
            SpeakerModels speakers,
            ModelLeases leases,
            AudioOpener audio,
            UploadLimits limits,
            ScheduledExecutorService timer) {
        this.speakers = speakers;
        this.leases = leases;
        this.audio = audio;
        this.limits = limits;
        this.timer = timer;
    }

    public void register(RoutesConfig routes) {
        for (String slash : List.of("", "/")) {
            routes.post("/v1/audio/diarization" + slash, this::handle);
        }
    }

    /** The fields, for documents. */
    public static List<? extends Option<?, ?>> fields() {
        return FIELDS;
    }

    private void handle(Context ctx) {
        long start = System.nanoTime();
        RunningRequest running = RunningRequest.of(ctx);
        Set<String> spooled =
                Stream.concat(Stream.of("file"), VoiceReferences.fileFields().stream())
                        .collect(Collectors.toUnmodifiableSet());
        try (QueuePlace place =
                        new QueuePlace(
                                leases, ModelTask.SPEAKER_DIARIZATION, running.cancellation());
                MultipartForm form = MultipartForm.read(ctx, spooled, limits, place)) {
            Fields fields = form.fields();
            Draft draft = new Draft();
            FIELDS.forEach(option -> option.read(fields, draft));
            fields.check();
            UploadedFile file = form.requireFile("file");
            try (VoiceReferences references =
                            VoiceReferences.read(
                                    form,
                                    draft.speakers.names(),
                                    new UploadSpool(limits.directory(), limits.maxFileBytes()),
                                    audio);
                    OpenedAudio opened =
                            OpenedAudio.of(audio.open(file.path(), file.contentType()))) {
                SpeakerOrder order = draft.speakers.order(references, draft.model);
                ClientWatch.during(
                        ctx,
                        timer,
                        draft.model,
                        start,
                        () -> answer(ctx, draft, file, opened, order, place, start));
            }
        }
    }

    private void answer(
            Context ctx,
            Draft asked,
            UploadedFile file,
            OpenedAudio opened,
            SpeakerOrder order,
            QueuePlace place,
            long start) {
        Speakers found = speakers.tell(opened, order, place.of(asked.model, Priority.BATCH));
        opened.truncation().ifPresent(why -> ctx.header(AudioOpener.TRUNCATED, why));
        if (asked.format.equals(RTTM)) {
            String name = file.fileName() == null ? "" : file.fileName();
            ContentType.respond(ctx, "text/plain; charset=utf-8", Rttm.write(found.turns(), name));
        } else {
            Json.respond(ctx, response(found));
        }
        RunningRequest.of(ctx).note(found.modelId(), found.durationSeconds(), start);
    }

    private static Response response(Speakers found) {
        return new Response(
                milliseconds(found.durationSeconds()),
                found.turns().stream().map(DiarizationRoutes::segment).toList());
    }

    private static Segment segment(Span turn) {
        return new Segment(milliseconds(turn.start()), milliseconds(turn.end()), turn.speaker());
    }

    private static double milliseconds(double seconds) {
        return Math.round(seconds * 1000) / 1000.0;
    }
}
