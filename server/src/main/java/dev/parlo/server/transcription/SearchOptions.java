package dev.parlo.server.transcription;

import static dev.parlo.server.options.OptionType.flag;
import static dev.parlo.server.options.OptionType.number;
import static dev.parlo.server.options.OptionType.whole;
import static dev.parlo.server.transcription.TranscriptionOptions.option;

import dev.parlo.engine.TranscribeOptions;
import dev.parlo.engine.ggml.GgmlWhisperEngine;
import dev.parlo.engine.whisper.WhisperLimits;
import dev.parlo.server.options.Option;
import dev.parlo.server.options.OptionType;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/** How the text of a window is searched for and judged. */
final class SearchOptions {
    private static final TranscribeOptions USUAL = TranscribeOptions.defaults();

    private static final String MOST_ROWS =
            String.format(
                    Locale.ROOT,
                    " At most %d, with a GGML model %d.",
                    WhisperLimits.MOST_ROWS,
                    GgmlWhisperEngine.MOST_HYPOTHESES);

    private SearchOptions() {}

    static List<Option<TranscriptionDraft, ?>> all() {
        return List.of(
                option(
                                "temperature",
                                new OptionType.RepeatedDecimals(0),
                                "Absent or 0: the ladder 0, 0.2 … 1, each tried when the one before"
                                        + " failed; another value: that one; repeated, or a list:"
                                        + " as given, rising. At most "
                                        + WhisperLimits.HIGHEST_TEMPERATURE
                                        + ".",
                                (draft, values) -> draft.temperatures = values)
                        .otherwise("the ladder"),
                option(
                        "temperature_fallback",
                        flag(),
                        "Try the higher temperatures; `false` leaves the first.",
                        true,
                        (draft, value) -> draft.temperatureFallback = value),
                option(
                        "beam_size",
                        whole(1),
                        "Candidates of beam search at temperature 0; 1 is greedy search."
                                + MOST_ROWS,
                        USUAL.beamSize(),
                        (draft, value) -> draft.options.beamSize(value)),
                option(
                        "best_of",
                        whole(1),
                        "Samples at temperatures above 0, of which the likeliest is taken."
                                + MOST_ROWS,
                        USUAL.bestOf(),
                        (draft, value) -> draft.options.bestOf(value)),
                option(
                        "patience",
                        number(0),
                        "Beam search ends when this many times `beam_size` candidates are"
                                + " complete.",
                        USUAL.patience(),
                        (draft, value) -> draft.options.patience(value)),
                option(
                        "length_penalty",
                        number(),
                        "Exponent of the length that a candidate's log-probability is divided by.",
                        USUAL.lengthPenalty(),
                        (draft, value) -> draft.options.lengthPenalty(value)),
                option(
                        "repetition_penalty",
                        number(0),
                        "Above 1 tokens that were written already become less likely; at"
                                + " most "
                                + WhisperLimits.HIGHEST_REPETITION_PENALTY
                                + ".",
                        USUAL.repetitionPenalty(),
                        (draft, value) -> draft.options.repetitionPenalty(value)),
                option(
                        "no_repeat_ngram_size",
                        whole(0),
                        "Sequences of this many tokens are not repeated; 0 is off. At most "
                                + WhisperLimits.LONGEST_NGRAM
                                + ".",
                        USUAL.noRepeatNgramSize(),
                        (draft, value) -> draft.options.noRepeatNgramSize(value)),
                option(
                        "compression_ratio_threshold",
                        new OptionType.Threshold(),
                        "A text that compresses better repeats itself: the temperature has failed."
                                + " `none` is off.",
                        Optional.ofNullable(USUAL.compressionRatioThreshold()),
                        (draft, value) ->
                                draft.options.compressionRatioThreshold(value.orElse(null))),
                option(
                        "log_prob_threshold",
                        new OptionType.Threshold(),
                        "With a lower mean log-probability the temperature has failed. `none` is"
                                + " off.",
                        Optional.ofNullable(USUAL.logProbThreshold()),
                        (draft, value) -> draft.options.logProbThreshold(value.orElse(null))),
                option(
                        "no_speech_threshold",
                        new OptionType.Threshold(),
                        "A failed window with a higher probability of silence is silence. `none` is"
                                + " off.",
                        Optional.ofNullable(USUAL.noSpeechThreshold()),
                        (draft, value) -> draft.options.noSpeechThreshold(value.orElse(null))),
                option(
                        "suppress_blank",
                        flag(),
                        "A window must not start with a blank.",
                        USUAL.suppressBlank(),
                        (draft, value) -> draft.options.suppressBlank(value)),
                option(
                        "suppress_tokens",
                        new OptionType.Wholes(-1),
                        "Token ids that are never written; -1 stands for the symbols that are not"
                                + " speech.",
                        USUAL.suppressTokens(),
                        (draft, ids) -> draft.options.suppressTokens(ids)),
                option(
                                "max_new_tokens",
                                whole(1),
                                "Longest text of a window, in tokens; at most "
                                        + WhisperLimits.MOST_NEW_TOKENS
                                        + ".",
                                (draft, value) -> draft.options.maxNewTokens(value))
                        .otherwise("the model's limit"),
                option(
                        "seed",
                        new OptionType.Whole64(),
                        "Seed of the sampling, a whole number of 64 bits.",
                        (draft, value) -> draft.options.seed(OptionalLong.of(value))));
    }
}
