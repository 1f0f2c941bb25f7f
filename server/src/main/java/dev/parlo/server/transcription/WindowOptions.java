package dev.parlo.server.transcription;

import static dev.parlo.server.options.OptionType.flag;
import static dev.parlo.server.options.OptionType.number;
import static dev.parlo.server.options.OptionType.text;
import static dev.parlo.server.options.OptionType.whole;
import static dev.parlo.server.transcription.TranscriptionOptions.option;

import dev.parlo.engine.TranscribeOptions;
import dev.parlo.engine.whisper.WhisperLimits;
import dev.parlo.server.options.Option;
import dev.parlo.server.options.OptionType;
import java.util.List;
import java.util.Optional;

/** How windows follow each other, and times. */
final class WindowOptions {
    private static final TranscribeOptions USUAL = TranscribeOptions.defaults();

    private WindowOptions() {}

    static List<Option<TranscriptionDraft, ?>> all() {
        return List.of(
                option(
                                "condition_on_previous_text",
                                flag(),
                                "Each window is given the text before it, so that they are"
                                        + " transcribed one after another.",
                                (draft, value) -> draft.conditioned = value)
                        .otherwise("true where there are no batches"),
                option(
                        "prompt_reset_on_temperature",
                        number(),
                        "After a window with a higher temperature the next is not given its text.",
                        USUAL.promptResetOnTemperature(),
                        (draft, value) -> draft.options.promptResetOnTemperature(value)),
                option(
                        "without_timestamps",
                        flag(),
                        "Text only, without times within a window.",
                        USUAL.withoutTimestamps(),
                        (draft, value) -> draft.options.withoutTimestamps(value)),
                option(
                        "max_initial_timestamp",
                        number(0),
                        "Latest start of the first segment of a window, in seconds.",
                        USUAL.maxInitialTimestamp(),
                        (draft, value) -> draft.options.maxInitialTimestamp(value)),
                option(
                        "word_timestamps",
                        flag(),
                        "Times of words.",
                        USUAL.wordTimestamps(),
                        (draft, value) -> draft.wordTimestamps = value),
                option(
                                "prepend_punctuations",
                                text(),
                                "Marks that belong to the word after them.",
                                (draft, value) -> draft.options.prependPunctuations(value))
                        .otherwise("faster-whisper's"),
                option(
                                "append_punctuations",
                                text(),
                                "Marks that belong to the word before them.",
                                (draft, value) -> draft.options.appendPunctuations(value))
                        .otherwise("faster-whisper's"),
                option(
                                "chunk_length",
                                whole(1),
                                "Seconds of a window, at most "
                                        + WhisperLimits.LONGEST_WINDOW
                                        + ".",
                                (draft, value) -> draft.options.chunkLengthSeconds(value))
                        .otherwise("the model's 30"),
                option(
                                "batch_size",
                                whole(0, WhisperLimits.MOST_WINDOWS),
                                "Speech is transcribed in chunks of at most 30 s, each by itself, this"
                                        + " many at a time; `prompt` and `hotwords` are for each of"
                                        + " them. 0: one window after another, each given the text"
                                        + " before it, as engines other than CTranslate2's always do.",
                                (draft, value) -> draft.batchSize = value)
                        .otherwise(
                                "8; 0 with `vad_filter=false`, `clip_timestamps`,"
                                        + " `condition_on_previous_text` or"
                                        + " `hallucination_silence_threshold`"),
                option(
                                "audio_ctx",
                                whole(0, WhisperLimits.MOST_AUDIO_POSITIONS),
                                "How much of a window is computed, as audio positions of 20 ms: 0"
                                        + " is all 1500, silence after the audio included, as"
                                        + " models were trained; another number is that many,"
                                        + " or as many as the audio fills and a second more."
                                        + " Makes short clips several times as fast, at some risk"
                                        + " to the text. Not on a GPU.",
                                (draft, value) -> draft.options.audioContext(value))
                        .otherwise("`WHISPER__AUDIO_CTX`, 0"),
                option(
                        "clip_timestamps",
                        new OptionType.Decimals(0),
                        "`start,end,…` in seconds: only these parts, together no longer than"
                                + " `MAX_AUDIO_SECONDS`; an odd count runs to the end.",
                        USUAL.clipTimestamps(),
                        (draft, seconds) ->
                                draft.options.clipTimestamps(
                                        seconds.isEmpty() ? USUAL.clipTimestamps() : seconds)),
                option(
                        "hallucination_silence_threshold",
                        new OptionType.Threshold(),
                        "Silence of this many seconds around text that was probably made up is"
                                + " skipped; needs `word_timestamps`. `none` is off.",
                        Optional.ofNullable(USUAL.hallucinationSilenceThreshold()),
                        (draft, value) ->
                                draft.options.hallucinationSilenceThreshold(value.orElse(null))));
    }
}
