package dev.parlo.engine.ggml;

import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineException.Category;
import dev.parlo.engine.TranscribeOptions;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Refuses the options of a request that whisper.cpp 1.7.1 has no counterpart for. A refusal names
 * the option, what was given and what is accepted.
 */
final class GgmlOptions {
    private GgmlOptions() {}

    static void check(TranscribeOptions options, GgmlLayout layout, List<String> languages) {
        TranscribeOptions defaults = TranscribeOptions.defaults();
        language(options, layout, languages);
        between("beam_size", options.beamSize(), 1, GgmlWhisperEngine.MOST_HYPOTHESES);
        between("best_of", options.bestOf(), 1, GgmlWhisperEngine.MOST_HYPOTHESES);
        only("patience", options.patience(), 1.0);
        accepted(
                "length_penalty",
                options.lengthPenalty(),
                options.lengthPenalty() > 0 && options.lengthPenalty() <= 1,
                "above 0 and up to 1");
        only("repetition_penalty", options.repetitionPenalty(), 1.0);
        only("no_repeat_ngram_size", options.noRepeatNgramSize(), 0);
        temperatures(options.temperatures());
        accepted(
                "max_initial_timestamp",
                options.maxInitialTimestamp(),
                options.maxInitialTimestamp() >= 0 && options.maxInitialTimestamp() <= 30,
                "0 to 30 seconds");
        absent("prefix", options.prefix());
        absent("hotwords", options.hotwords());
        accepted(
                "suppress_tokens",
                options.suppressTokens(),
                options.suppressTokens().isEmpty()
                        || options.suppressTokens().equals(defaults.suppressTokens()),
                "[-1] (the non-speech tokens) or []");
        only("word_timestamps", options.wordTimestamps(), false);
        absent("max_new_tokens", options.maxNewTokens());
        if (options.chunkLengthSeconds() != null) {
            only("chunk_length", options.chunkLengthSeconds(), 30);
        }
        if (options.audioContext() != null) {
            between("audio_ctx", options.audioContext(), 0, 1500);
        }
        only("clip_timestamps", options.clipTimestamps(), defaults.clipTimestamps());
        absent("hallucination_silence_threshold", options.hallucinationSilenceThreshold());
        absent("seed", options.seed().isPresent() ? options.seed().getAsLong() : null);
        between("language_detection_segments", options.languageDetectionSegments(), 1, 1000);
        promptTokens(options.promptTokens(), layout);
    }

    private static void language(
            TranscribeOptions options, GgmlLayout layout, List<String> languages) {
        String language = options.language();
        if (language != null) {
            accepted(
                    "language",
                    language,
                    languages.contains(language),
                    "one of " + String.join(", ", languages) + ", or none to detect it");
        }
        for (String choice : options.languages()) {
            accepted(
                    "languages",
                    choice,
                    languages.contains(choice),
                    "some of " + String.join(", ", languages));
        }
        if (!layout.multilingual()) {
            accepted(
                    "task",
                    "translate",
                    options.task() == TranscribeOptions.Task.TRANSCRIBE,
                    "transcribe, because the model is English-only");
        }
    }

    private static void temperatures(List<Double> temperatures) {
        boolean valid = !temperatures.isEmpty();
        for (double temperature : temperatures) {
            valid &= temperature >= 0 && temperature <= 10;
        }
        accepted("temperature", temperatures, valid, "one or more numbers of 0 to 10");
    }

    private static void promptTokens(int @Nullable [] tokens, GgmlLayout layout) {
        if (tokens == null) {
            return;
        }
        // whisper.cpp ends the process on an id outside its table.
        for (int token : tokens) {
            accepted(
                    "initial_prompt",
                    "the token id " + token,
                    token >= 0 && token < layout.vocabulary(),
                    "ids of 0 to " + (layout.vocabulary() - 1));
        }
    }

    private static void between(String option, int value, int low, int high) {
        accepted(option, value, value >= low && value <= high, low + " to " + high);
    }

    private static void only(String option, Object value, Object supported) {
        accepted(option, value, value.equals(supported), supported.toString());
    }

    private static void absent(String option, @Nullable Object value) {
        if (value != null) {
            throw refused(option, value, "none");
        }
    }

    private static void accepted(String option, Object value, boolean valid, String what) {
        if (!valid) {
            throw refused(option, value, what);
        }
    }

    private static EngineException refused(String option, Object value, String accepted) {
        return new EngineException(
                Category.BAD_REQUEST,
                "The option "
                        + option
                        + " cannot be "
                        + value
                        + " with a GGML model; accepted is "
                        + accepted
                        + ".");
    }
}
