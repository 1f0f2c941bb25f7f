package dev.parlo.server.transcription;

import java.util.List;

/**
 * An option of a transcription by its one name: the form's field, and with dashes the flag of
 * {@code parlo transcribe}.
 *
 * @param flag true or false, rather than a value
 */
public record TranscriptionOption(String name, boolean flag, String description) {
    private static TranscriptionOption value(String name, String description) {
        return new TranscriptionOption(name, false, description);
    }

    private static TranscriptionOption flag(String name, String description) {
        return new TranscriptionOption(name, true, description);
    }

    /** All of them, in the order of the help. */
    public static List<TranscriptionOption> all() {
        return List.of(
                value("language", "Spoken language, such as en, de-CH or German. Default: detect."),
                value("languages", "Languages to choose from when detecting; repeatable."),
                value("task", "transcribe, or translate into English."),
                value("prompt", "Text that the audio continues, for names and style."),
                value("prompt_tokens", "The same as token ids: 1,2,3."),
                value("prefix", "Text that the first window's transcript starts with."),
                value("hotwords", "Words to expect."),
                value("keywords", "The same, one by one; repeatable."),
                value("temperature", "0 for the fallback ladder, or a value; repeatable."),
                flag("temperature_fallback", "Whether to try higher temperatures. Default: yes."),
                value("beam_size", "Candidates of beam search; 1 is greedy. Default: 5."),
                value("best_of", "Samples at temperatures above 0. Default: 5."),
                value("patience", "Beam search's patience. Default: 1."),
                value("length_penalty", "Exponent of the length. Default: 1."),
                value("repetition_penalty", "Above 1 discourages repetition. Default: 1."),
                value("no_repeat_ngram_size", "Length of n-grams not to repeat. Default: 0, off."),
                value("compression_ratio_threshold", "More repetition than this fails. none: off."),
                value("log_prob_threshold", "A lower mean log-probability fails. none: off."),
                value("no_speech_threshold", "Above this a failed window is silence. none: off."),
                flag("condition_on_previous_text", "Whether windows see the text before them."),
                value("prompt_reset_on_temperature", "Above this they do not. Default: 0.5."),
                flag("suppress_blank", "Whether a window must not start blank. Default: yes."),
                value("suppress_tokens", "Token ids never to write; -1: symbols. Default: -1."),
                flag("without_timestamps", "Text only, without times within a window."),
                value("max_initial_timestamp", "Latest first timestamp in seconds. Default: 1."),
                flag("word_timestamps", "Times of words."),
                value("prepend_punctuations", "Marks that belong to the word after them."),
                value("append_punctuations", "Marks that belong to the word before them."),
                flag("multilingual", "Whether to detect the language of every window."),
                value("max_new_tokens", "Longest text of a window, in tokens."),
                value("chunk_length", "Seconds of a window. Default: the model's 30."),
                value("clip_timestamps", "start,end,… in seconds: only these parts."),
                value("hallucination_silence_threshold", "Skip silence this long, in seconds."),
                value("language_detection_threshold", "Sure enough of a language. Default: 0.5."),
                value("language_detection_segments", "Windows to look at for it. Default: 1."),
                value("seed", "Of the sampling."),
                value("include", "logprobs: log-probabilities of the tokens, in json."),
                value("max_line_width", "Characters of a subtitle's line."),
                value("max_line_count", "Lines of a subtitle."),
                value("max_words_per_line", "Words of a subtitle's line."),
                flag("highlight_words", "Underline each word of a subtitle as it is said."));
    }

    /** The flag of the command line, such as {@code --beam-size}. */
    public String commandLineFlag() {
        return "--" + name.replace('_', '-');
    }
}
