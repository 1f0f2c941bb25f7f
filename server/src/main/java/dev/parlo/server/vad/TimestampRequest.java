package dev.parlo.server.vad;

import static dev.parlo.server.options.OptionType.text;

import dev.parlo.engine.vad.VadOptions;
import dev.parlo.server.http.Fields;
import dev.parlo.server.http.MultipartForm;
import dev.parlo.server.http.MultipartForm.UploadedFile;
import dev.parlo.server.options.Option;
import dev.parlo.server.options.OptionType;
import java.util.List;
import java.util.stream.Stream;

/**
 * What is asked of {@code /v1/audio/speech/timestamps}, every field checked.
 *
 * @param model id, alias or {@link VoiceActivityModels#SILERO}
 */
public record TimestampRequest(UploadedFile file, String model, VadOptions options) {
    /** What the fields set. */
    private static final class Draft {
        final VadParameters parameters = new VadParameters();
        String model = "";
    }

    private static final List<Option<Draft, ?>> OWN =
            List.of(
                    Option.<Draft, String>of(
                                    "file",
                                    new OptionType.Upload(),
                                    "Audio or video, as for a transcription.",
                                    (draft, name) -> {})
                            .mandatory(),
                    Option.<Draft, String>of(
                                    "model",
                                    text(),
                                    "Id or alias of a voice activity model.",
                                    (draft, name) -> draft.model = name)
                            .fallback(VoiceActivityModels.SILERO));

    private static final List<Option<VadParameters, ?>> PARAMETERS = VadParameterOptions.fields();

    /** The fields, for documents. */
    public static List<? extends Option<?, ?>> fields() {
        return Stream.<Option<?, ?>>concat(OWN.stream(), PARAMETERS.stream()).toList();
    }

    /**
     * @throws dev.parlo.server.http.ApiError 422 naming every field that is wrong
     */
    static TimestampRequest read(MultipartForm form) {
        Fields fields = form.fields();
        Draft draft = new Draft();
        OWN.forEach(option -> option.read(fields, draft));
        PARAMETERS.forEach(option -> option.read(fields, draft.parameters));
        fields.check();
        return new TimestampRequest(
                form.requireFile("file"),
                draft.model.isBlank() ? VoiceActivityModels.SILERO : draft.model,
                draft.parameters.over(VadOptions.TIMESTAMPS));
    }
}
