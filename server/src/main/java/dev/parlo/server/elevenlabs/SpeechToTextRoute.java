package dev.parlo.server.elevenlabs;

import dev.parlo.server.elevenlabs.SpeechToTextOptions.Draft;
import dev.parlo.server.fileurl.FileFetcher;
import dev.parlo.server.http.Fields;
import dev.parlo.server.http.Json;
import dev.parlo.server.http.MultipartForm;
import dev.parlo.server.http.RunningRequest;
import dev.parlo.server.http.UploadLimits;
import dev.parlo.server.transcription.TranscriptionAnswers;
import dev.parlo.server.transcription.TranscriptionAnswers.FormReader;
import dev.parlo.server.transcription.TranscriptionAnswers.Heard;
import dev.parlo.server.transcription.TranscriptionAnswers.Order;
import dev.parlo.server.transcription.UnnamedModel;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;

/** ElevenLabs' {@code POST /v1/speech-to-text}. Thread-safe. */
public final class SpeechToTextRoute {
    private static final String FILE = "file";
    private static final String MODEL = "model_id";
    private static final List<String> ADDRESSES = List.of("source_url", "cloud_storage_url");

    /** What some clients send for a field that they leave out. */
    private static final String ABSENT = "null";

    private final TranscriptionAnswers answers;
    private final UnnamedModel unnamed;
    private final FileFetcher fetcher;
    private final ScheduledExecutorService timer;

    /**
     * @param timer watches for clients that leave while a file is fetched
     */
    public SpeechToTextRoute(
            TranscriptionAnswers answers,
            UnnamedModel unnamed,
            FileFetcher fetcher,
            ScheduledExecutorService timer) {
        this.answers = answers;
        this.unnamed = unnamed;
        this.fetcher = fetcher;
        this.timer = timer;
    }

    public void register(RoutesConfig routes) {
        routes.post("/v1/speech-to-text", this::transcribe);
    }

    private void transcribe(Context ctx) {
        Draft draft = new Draft();
        answers.transcribe(
                ctx,
                this::form,
                FILE,
                form -> read(form, draft),
                (answered, heard) -> write(answered, draft, heard));
    }

    private MultipartForm form(
            Context ctx, UploadLimits limits, MultipartForm.PartListener listener) {
        MultipartForm form =
                FormReader.multipart(FILE)
                        .withModelIn(MODEL, this::model)
                        .read(ctx, limits, listener);
        try {
            for (String address : ADDRESSES) {
                if (!given(form, address).isEmpty()) {
                    listener.file(FILE); // its place first, as before a file of the form
                    fetcher.attach(ctx, form, address, FILE, timer);
                }
            }
            return form;
        } catch (RuntimeException | Error e) {
            form.close();
            throw e;
        }
    }

    private Order read(MultipartForm form, Draft draft) {
        Fields fields = Fields.form(name -> given(form, name), Set.of());
        SpeechToTextOptions.all().forEach(option -> option.read(fields, draft));
        for (String name : SpeechToTextOptions.refused()) {
            List<String> values = given(form, name);
            if (!values.isEmpty() && !Set.of("false", "[]", "none").contains(values.getLast())) {
                fields.reject(name, "is not there; leave it out");
            }
        }
        fields.check();
        draft.together();
        return new Order(model(draft.model), draft.samples ? "audio/pcm" : null, draft.job.job());
    }

    /** Ours answers for those of ElevenLabs. */
    private String model(String named) {
        boolean theirs =
                named.isBlank()
                        || named.equals(ABSENT)
                        || named.startsWith(SpeechToTextOptions.THEIRS);
        return theirs ? unnamed.id() : named;
    }

    private static List<String> given(MultipartForm form, String name) {
        return form.file(name) != null
                ? List.of(name)
                : form.texts(name).stream().filter(value -> !value.equals(ABSENT)).toList();
    }

    private static void write(Context ctx, Draft draft, Heard heard) {
        SpeechToTextJson json =
                new SpeechToTextJson(
                        heard.result().transcript(),
                        draft.granularity,
                        draft.channels,
                        RunningRequest.of(ctx).id());
        Json.respond(
                ctx,
                draft.channels && !draft.combined
                        ? json.separate(heard.segments(), heard.channels())
                        : json.combined(heard.segments()));
    }
}
