package dev.parlo.server.transcription;

import dev.parlo.engine.TranscribeOptions;
import dev.parlo.server.http.Fields;
import dev.parlo.server.vad.SpeechFilter;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * How a transcript is made and how it is written.
 *
 * @param speech whether speech alone is heard
 * @param speakers how they are told
 */
public record TranscriptionJob(
        TranscribeOptions options,
        SpeechFilter speech,
        SpeakerJob speakers,
        TranscriptWriter writer) {
    /**
     * Reads it from the flags of the command line, by the names of the form's fields.
     *
     * @throws dev.parlo.server.http.ApiError 422 naming every value that is wrong
     */
    public static TranscriptionJob of(Function<String, List<String>> values) {
        Fields fields = Fields.form(values, Set.of());
        TranscriptionJob job = of(fields);
        fields.check();
        return job;
    }

    /** Reads it from fields of another request; what is wrong is remembered there. */
    public static TranscriptionJob of(Fields fields) {
        TranscriptionDraft draft = new TranscriptionDraft();
        TranscriptionOptions.ofCommandLine().forEach(option -> option.read(fields, draft));
        return draft.job(fields);
    }
}
