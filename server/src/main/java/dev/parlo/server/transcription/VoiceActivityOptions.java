package dev.parlo.server.transcription;

import static dev.parlo.server.options.OptionType.flag;
import static dev.parlo.server.transcription.TranscriptionOptions.option;

import dev.parlo.server.options.Option;
import dev.parlo.server.vad.ChunkingStrategy;
import dev.parlo.server.vad.VadParameterOptions;
import java.util.List;

/** Which parts of the audio are heard. */
final class VoiceActivityOptions {
    private VoiceActivityOptions() {}

    static List<Option<TranscriptionDraft, ?>> all() {
        return List.of(
                option(
                        "vad_filter",
                        flag(),
                        "Only what a voice activity detector takes for speech is transcribed; audio"
                                + " without speech has an empty transcript. Times are those of the"
                                + " whole audio. With `clip_timestamps` those parts are"
                                + " transcribed whole.",
                        true,
                        (draft, value) -> draft.speechOnly = value),
                option(
                        "vad_parameters",
                        VadParameterOptions.object(),
                        "How speech is found, as faster-whisper's `VadOptions`.",
                        (draft, value) -> draft.vadParameters = value),
                option(
                        "chunking_strategy",
                        ChunkingStrategy.object(),
                        "The same as OpenAI has it; `auto` is `vad_filter` with its defaults.",
                        (draft, value) -> draft.chunkingStrategy = value));
    }
}
