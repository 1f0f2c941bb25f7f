package dev.parlo.server.whispercpp;

import dev.parlo.server.http.ContentType;
import dev.parlo.server.http.Fields;
import dev.parlo.server.http.MultipartForm;
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
        String usual = unnamed.id();
        answers.transcribe(
                ctx,
                FormReader.multipart(FILE),
                FILE,
                usual,
                form -> read(form, draft, usual),
                (answered, heard) -> write(answered, draft, heard));
    }

    private static Order read(MultipartForm form, Draft draft, String usual) {
        Fields fields = form.fields();
        InferenceOptions.all().forEach(option -> option.read(fields, draft));
        fields.check();
        draft.together();
        // Clients of whisper.cpp send the field empty where it has no meaning to them.
        String model = draft.model.isBlank() ? usual : draft.model;
        return new Order(model, null, draft.job.job());
    }

    private static void write(Context ctx, Draft draft, Heard heard) {
        ContentType.respond(ctx, draft.format.contentType(), InferenceText.of(draft.format, heard));
    }
}
