package dev.parlo.server.transcription;

import static dev.parlo.server.options.OptionType.choice;
import static dev.parlo.server.options.OptionType.flag;
import static dev.parlo.server.options.OptionType.text;
import static dev.parlo.server.options.OptionType.texts;
import static dev.parlo.server.options.OptionType.whole;
import static dev.parlo.server.transcription.TranscriptionOptions.option;

import dev.parlo.engine.TranscribeOptions;
import dev.parlo.engine.whisper.WhisperLimits;
import dev.parlo.server.options.Option;
import dev.parlo.server.options.OptionType;
import java.util.List;
import java.util.Optional;

/** The language, and text that the model is given to go by. */
final class LanguageOptions {
    private static final TranscribeOptions USUAL = TranscribeOptions.defaults();

    private LanguageOptions() {}

    static List<Option<TranscriptionDraft, ?>> all() {
        return List.of(
                option(
                                "language",
                                text(),
                                "Spoken language: `en`, `en-US`, `eng`, `English`, the names and"
                                        + " aliases of openai-whisper; `auto` and `und` detect it."
                                        + " An English-only model takes any as English.",
                                (draft, value) -> draft.options.language(value))
                        .otherwise("detected"),
                option(
                                "languages",
                                texts(),
                                "Languages to choose from when it is detected; repeatable.",
                                (draft, values) -> draft.options.languages(values))
                        .otherwise("all"),
                option(
                                "task",
                                choice(List.of("transcribe", "translate")),
                                "Write what was said, or translate it into English.",
                                TranscriptionDraft::task)
                        .fallback("transcribe"),
                option(
                        "multilingual",
                        flag(),
                        "Detect the language of every window of 30 seconds, not of the first only.",
                        USUAL.multilingual(),
                        (draft, value) -> draft.options.multilingual(value)),
                option(
                        "language_detection_threshold",
                        new OptionType.Threshold(),
                        "Probability from which on a detected language is certain; `none` takes the"
                                + " first window's.",
                        Optional.ofNullable(USUAL.languageDetectionThreshold()),
                        (draft, value) ->
                                draft.options.languageDetectionThreshold(value.orElse(null))),
                option(
                        "language_detection_segments",
                        whole(1),
                        "Windows of 30 seconds to detect the language in, until one is certain; at"
                                + " most "
                                + WhisperLimits.MOST_DETECTION_WINDOWS
                                + ".",
                        USUAL.languageDetectionSegments(),
                        (draft, value) -> draft.options.languageDetectionSegments(value)),
                option(
                                "prompt",
                                text(),
                                "Text that the audio continues, for names and style.",
                                (draft, value) -> draft.options.initialPrompt(value))
                        .alias("initial_prompt"),
                option(
                        "prompt_tokens",
                        new OptionType.Wholes(0),
                        "The prompt as token ids: `1,2,3`.",
                        (draft, ids) ->
                                draft.options.promptTokens(
                                        ids.stream().mapToInt(Integer::intValue).toArray())),
                option(
                        "prefix",
                        text(),
                        "Text that the transcript of the first window starts with.",
                        (draft, value) -> draft.options.prefix(value)),
                option(
                        "hotwords",
                        text(),
                        "Words to expect.",
                        (draft, value) -> draft.hotwords = value),
                option(
                        "keywords",
                        texts(),
                        "Words to expect, one by one, by OpenAI's name; repeatable.",
                        (draft, values) -> draft.keywords = values));
    }
}
