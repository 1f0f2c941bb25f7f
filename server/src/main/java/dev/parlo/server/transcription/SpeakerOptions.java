package dev.parlo.server.transcription;

import static dev.parlo.server.options.OptionType.choice;
import static dev.parlo.server.options.OptionType.flag;
import static dev.parlo.server.options.OptionType.text;
import static dev.parlo.server.transcription.TranscriptionOptions.option;

import dev.parlo.server.options.Option;
import dev.parlo.server.speaker.SpeakerFields;
import java.util.List;
import java.util.stream.Stream;

/** Who says it. */
final class SpeakerOptions {
    static final String MIX = "mix";
    static final String SPLIT = "split";

    private SpeakerOptions() {}

    static List<Option<TranscriptionDraft, ?>> all() {
        return Stream.concat(
                        Stream.of(
                                option(
                                        "channels",
                                        choice(List.of(MIX, SPLIT)),
                                        "`split` transcribes each channel by itself, as one person:"
                                                + " `SPEAKER_00` is the first channel, or the first"
                                                + " of `known_speaker_names`. At most 8 channels,"
                                                + " and no fewer than 2.",
                                        MIX,
                                        (draft, way) -> draft.splitChannels = way.equals(SPLIT)),
                                option(
                                        "advanced",
                                        flag(),
                                        "Adds `segments` and `words` to `json`.",
                                        false,
                                        (draft, value) -> draft.advanced = value),
                                option(
                                                "diarize",
                                                flag(),
                                                "Tells speakers by their voices, which needs a"
                                                        + " diarization and an embedding model.",
                                                (draft, value) -> draft.diarize = value)
                                        .otherwise("only for diarized_json"),
                                option(
                                                "diarization_model",
                                                text(),
                                                "Id or alias of the model that finds turns of"
                                                        + " speakers.",
                                                (draft, name) -> draft.diarizationModel = name)
                                        .otherwise("an installed one")),
                        SpeakerFields.<TranscriptionDraft>options(draft -> draft.speakers).stream())
                .toList();
    }
}
