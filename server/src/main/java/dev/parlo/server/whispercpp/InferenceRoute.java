package dev.parlo.server.whispercpp;

import dev.parlo.server.http.ContentType;
import dev.parlo.server.http.Fields;
import dev.parlo.server.http.MultipartForm;
import dev.parlo.server.models.QueuePlace;
import dev.parlo.server.transcription.TranscriptionAnswers;
import dev.parlo.server.transcription.TranscriptionAnswers.FormReader;
import dev.parlo.server.transcription.TranscriptionAnswers.Heard;
import dev.parlo.server.transcription.TranscriptionAnswers.Order;
import dev.parlo.server.transcription.UnnamedModel;
import dev.parlo.server.whispercpp.InferenceOptions.Draft;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;

/** whisper.cpp's {@code POST /inference}: all that is asked for is in one form. Thread-safe. */
public final class InferenceRoute {
    private static final String FILE = "file";

    private final TranscriptionAnswers answers;
    private final UnnamedModel unnamed;

    public InferenceRoute(TranscriptionAnswers answers, UnnamedModel unnamed) {
        this.answers = answers;
        this.unnamed = unnamed;
    }

    public void register(RoutesConfig routes) {
        routes.post("/inference", this::transcribe);
    }

    private void transcribe(Context ctx) {
        Draft draft = new Draft();
        answers.transcribe(
                ctx,
                FormReader.multipart(FILE).withModelIn(QueuePlace.MODEL, this::model),
                FILE,
                form -> read(form, draft),
                (answered, heard) -> write(answered, draft, heard));
    }

    private Order read(MultipartForm form, Draft draft) {
        Fields fields = form.fields();
        InferenceOptions.all().forEach(option -> option.read(fields, draft));
        fields.check();
        draft.together();
        return new Order(model(draft.model), null, draft.job.job());
    }

    /** Clients of whisper.cpp send the field empty where it has no meaning to them. */
    private String model(String named) {
        return named.isBlank() ? unnamed.id() : named;
    }

    private static void write(Context ctx, Draft draft, Heard heard) {
        ContentType.respond(ctx, draft.format.contentType(), InferenceText.of(draft.format, heard));
    }
}
