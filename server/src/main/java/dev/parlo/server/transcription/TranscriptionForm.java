package dev.parlo.server.transcription;

import dev.parlo.engine.TranscribeOptions.Task;
import dev.parlo.server.http.Fields;
import dev.parlo.server.http.MultipartForm;
import dev.parlo.server.options.Option;

/** Reads the {@link TranscriptionOptions} from a form. */
final class TranscriptionForm {
    private TranscriptionForm() {}

    /**
     * @throws dev.parlo.server.http.ApiError 422 naming every field that is wrong
     */
    static TranscriptionRequest read(MultipartForm form, Task route) {
        Fields fields = form.fields();
        TranscriptionDraft draft = new TranscriptionDraft();
        draft.task = route;
        for (Option<TranscriptionDraft, ?> option : TranscriptionOptions.of(route)) {
            option.read(fields, draft);
        }
        TranscriptionJob job = draft.job(fields);
        fields.check();
        MultipartForm.UploadedFile file = form.file("file");
        if (file == null) {
            throw new IllegalStateException("check() passes only with a file");
        }
        return new TranscriptionRequest(file, draft.model, job, draft.stream, draft.keepAlive);
    }
}
