package dev.parlo.server.speaker;

import static dev.parlo.server.options.OptionType.flag;
import static dev.parlo.server.options.OptionType.text;

import dev.parlo.engine.admission.Priority;
import dev.parlo.engine.audio.AudioSource;
import dev.parlo.engine.audio.OpenedAudio;
import dev.parlo.engine.speaker.SpeakerEmbedder;
import dev.parlo.engine.speaker.SpeakerEmbedder.Embedding;
import dev.parlo.registry.ModelTask;
import dev.parlo.server.audio.AudioOpener;
import dev.parlo.server.http.ClientWatch;
import dev.parlo.server.http.Fields;
import dev.parlo.server.http.Json;
import dev.parlo.server.http.MultipartForm;
import dev.parlo.server.http.MultipartForm.UploadedFile;
import dev.parlo.server.http.RunningRequest;
import dev.parlo.server.http.UploadLimits;
import dev.parlo.server.models.ModelLeases;
import dev.parlo.server.models.ModelLeases.Leased;
import dev.parlo.server.models.QueuePlace;
import dev.parlo.server.options.Option;
import dev.parlo.server.options.OptionType;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;

/** {@code POST /v1/audio/speech/embedding}: a voice in numbers. Thread-safe. */
public final class EmbeddingRoutes {
    private final ModelLeases leases;
    private final AudioOpener audio;
    private final UploadLimits limits;
    private final ScheduledExecutorService timer;

    /** What the fields set. */
    private static final class Draft {
        String model = "";
        boolean normalize;
    }

    private static final List<Option<Draft, ?>> FIELDS =
            List.of(
                    Option.<Draft, String>of(
                                    "file",
                                    new OptionType.Upload(),
                                    "Audio or video, as for a transcription, in which one person"
                                            + " speaks for at least a quarter of a second.",
                                    (draft, name) -> {})
                            .mandatory(),
                    Option.<Draft, String>of(
                                    "model",
                                    text(),
                                    "Id or alias of a speaker embedding model.",
                                    (draft, name) -> draft.model = name)
                            .mandatory(),
                    Option.<Draft, Boolean>of(
                                    "normalize",
                                    flag(),
                                    "Whether the vector is scaled to length 1. Without that it is"
                                            + " as the model gives it.",
                                    (draft, value) -> draft.normalize = value)
                            .fallback(false));

    private record Response(String object, List<Datum> data, String model, Usage usage) {}

    private record Datum(String object, int index, float[] embedding) {}

    /** Samples of audio at 16 kHz, as Speaches counts. */
    private record Usage(long promptTokens, long totalTokens) {}

    public EmbeddingRoutes(
            ModelLeases leases,
            AudioOpener audio,
            UploadLimits limits,
            ScheduledExecutorService timer) {
        this.leases = leases;
        this.audio = audio;
        this.limits = limits;
        this.timer = timer;
    }

    public void register(RoutesConfig routes) {
        for (String slash : List.of("", "/")) {
            routes.post("/v1/audio/speech/embedding" + slash, this::handle);
        }
    }

    /** The fields, for documents. */
    public static List<? extends Option<?, ?>> fields() {
        return FIELDS;
    }

    private void handle(Context ctx) {
        long start = System.nanoTime();
        RunningRequest running = RunningRequest.of(ctx);
        try (QueuePlace place =
                        new QueuePlace(
                                leases, ModelTask.SPEAKER_EMBEDDING, running.cancellation());
                MultipartForm form = MultipartForm.read(ctx, Set.of("file"), limits, place)) {
            Fields fields = form.fields();
            Draft draft = new Draft();
            FIELDS.forEach(option -> option.read(fields, draft));
            fields.check();
            UploadedFile file = form.requireFile("file");
            try (OpenedAudio opened = OpenedAudio.of(audio.open(file.path(), file.contentType()))) {
                ClientWatch.during(
                        ctx,
                        timer,
                        draft.model,
                        start,
                        () -> answer(ctx, draft, opened, place, start));
            }
        }
    }

    private void answer(
            Context ctx, Draft asked, OpenedAudio opened, QueuePlace place, long start) {
        try (Leased<SpeakerEmbedder> lease =
                leases.lease(
                        place.of(asked.model, Priority.BATCH),
                        ModelTask.SPEAKER_EMBEDDING,
                        SpeakerEmbedder.class,
                        null)) {
            Embedding embedding = lease.engine().embed(opened, lease.ticket());
            opened.truncation().ifPresent(why -> ctx.header(AudioOpener.TRUNCATED, why));
            float[] vector = asked.normalize ? embedding.unitVector() : embedding.vector();
            Json.respond(
                    ctx,
                    new Response(
                            "list",
                            List.of(new Datum("embedding", 0, vector)),
                            lease.modelId(),
                            new Usage(embedding.samples(), embedding.samples())));
            double seconds = (double) embedding.samples() / AudioSource.SAMPLE_RATE;
            RunningRequest.of(ctx).note(lease.modelId(), seconds, start);
        }
    }
}
