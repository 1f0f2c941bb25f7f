package dev.parlo.engine.whisper;

import static dev.parlo.engine.whisper.WhisperLimits.HIGHEST_REPETITION_PENALTY;
import static dev.parlo.engine.whisper.WhisperLimits.HIGHEST_TEMPERATURE;
import static dev.parlo.engine.whisper.WhisperLimits.LATEST_CLIP;
import static dev.parlo.engine.whisper.WhisperLimits.LONGEST_NGRAM;
import static dev.parlo.engine.whisper.WhisperLimits.LONGEST_WINDOW;
import static dev.parlo.engine.whisper.WhisperLimits.MOST_AUDIO_POSITIONS;
import static dev.parlo.engine.whisper.WhisperLimits.MOST_DETECTION_WINDOWS;
import static dev.parlo.engine.whisper.WhisperLimits.MOST_NEW_TOKENS;
import static dev.parlo.engine.whisper.WhisperLimits.MOST_ROWS;
import static dev.parlo.engine.whisper.WhisperLimits.MOST_WINDOWS;

import dev.parlo.engine.EngineException;
import dev.parlo.engine.TranscribeOptions;
import dev.parlo.engine.TranscribeOptions.Task;
import dev.parlo.engine.whisper.tokenizer.Vocabulary;
import java.util.Locale;

/** Refuses options that cannot be used, before any work is done, naming what is accepted. */
final class OptionsCheck {
    private OptionsCheck() {}

    /**
     * @param shortWindows whether the network computes windows of fewer than 30 s
     */
    static void check(TranscribeOptions options, ModelTokens model, boolean shortWindows) {
        Vocabulary vocabulary = model.tokenizer().vocabulary();
        within("beam_size", options.beamSize(), 1, MOST_ROWS);
        within("best_of", options.bestOf(), 1, MOST_ROWS);
        within(
                "language_detection_segments",
                options.languageDetectionSegments(),
                1,
                MOST_DETECTION_WINDOWS);
        within("no_repeat_ngram_size", options.noRepeatNgramSize(), 0, LONGEST_NGRAM);
        if (options.chunkLengthSeconds() != null) {
            within("chunk_length", options.chunkLengthSeconds(), 1, LONGEST_WINDOW);
        }
        if (options.batchSize() != null) {
            within("batch_size", options.batchSize(), 1, MOST_WINDOWS);
        }
        if (options.audioContext() != null) {
            within("audio_ctx", options.audioContext(), 0, MOST_AUDIO_POSITIONS);
            require(
                    shortWindows || options.audioContext() == 0,
                    "audio_ctx",
                    options.audioContext(),
                    "0, since a GPU encodes whole windows");
        }
        if (options.maxNewTokens() != null) {
            within("max_new_tokens", options.maxNewTokens(), 1, MOST_NEW_TOKENS);
        }
        require(options.patience() > 0, "patience", options.patience(), "a number above 0");
        require(
                Double.isFinite(options.lengthPenalty()),
                "length_penalty",
                options.lengthPenalty(),
                "a finite number");
        require(
                options.repetitionPenalty() >= 1.0 / HIGHEST_REPETITION_PENALTY
                        && options.repetitionPenalty() <= HIGHEST_REPETITION_PENALTY,
                "repetition_penalty",
                options.repetitionPenalty(),
                "a number from 0.01 to " + HIGHEST_REPETITION_PENALTY);
        require(
                !options.temperatures().isEmpty()
                        && options.temperatures().stream()
                                .allMatch(t -> t >= 0 && t <= HIGHEST_TEMPERATURE),
                "temperature",
                options.temperatures(),
                "one or more numbers from 0 to " + HIGHEST_TEMPERATURE);
        require(
                options.maxInitialTimestamp() >= 0,
                "max_initial_timestamp",
                options.maxInitialTimestamp(),
                "seconds from 0 on");
        require(
                options.clipTimestamps().stream().allMatch(t -> t >= 0 && t <= LATEST_CLIP),
                "clip_timestamps",
                options.clipTimestamps(),
                "seconds from 0 to " + LATEST_CLIP);
        require(
                options.suppressTokens().stream()
                        .allMatch(id -> id >= -1 && id < vocabulary.size()),
                "suppress_tokens",
                options.suppressTokens(),
                "-1 and token ids below " + vocabulary.size());
        int[] prompt = options.promptTokens();
        if (prompt != null) {
            for (int id : prompt) {
                require(
                        id >= 0 && id < vocabulary.size(),
                        "a token of the prompt",
                        id,
                        "a token id below " + vocabulary.size());
            }
        }
        checkLanguage(options, model);
    }

    private static void checkLanguage(TranscribeOptions options, ModelTokens model) {
        if (!model.multilingual() && options.task() == Task.TRANSLATE) {
            throw bad(
                    "This model knows only English and cannot translate. Use a multilingual one.");
        }
        String language = options.language();
        if (model.multilingual() && language != null) {
            known("language", language, model);
        }
        if (model.multilingual()) {
            options.languages().forEach(choice -> known("languages", choice, model));
        }
    }

    private static void known(String name, String language, ModelTokens model) {
        var known = model.tokenizer().vocabulary().languages().keySet();
        require(known.contains(language), name, language, "one of " + String.join(", ", known));
    }

    private static void within(String name, int value, int least, int most) {
        require(
                value >= least && value <= most,
                name,
                value,
                String.format(Locale.ROOT, "a whole number from %d to %d", least, most));
    }

    private static void require(boolean valid, String name, Object value, String accepted) {
        if (!valid) {
            throw bad(
                    String.format(Locale.ROOT, "%s is %s; accepted is %s.", name, value, accepted));
        }
    }

    private static EngineException bad(String message) {
        return new EngineException(EngineException.Category.BAD_REQUEST, message);
    }
}
