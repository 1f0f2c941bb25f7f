package dev.parlo.server.transcription;

import dev.parlo.engine.TranscribeOptions;
import dev.parlo.engine.TranscribeOptions.Task;
import dev.parlo.engine.pool.KeepAlive;
import dev.parlo.server.http.FieldError;
import dev.parlo.server.http.Fields;
import dev.parlo.server.http.MultipartForm;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a transcription: OpenAI's, Speaches', and every option of faster-whisper under its
 * own name.
 */
final class TranscriptionForm {
    private static final double ANY = Double.NEGATIVE_INFINITY;

    private TranscriptionForm() {}

    /**
     * @throws dev.parlo.server.http.ApiError 422 naming every field that is wrong
     */
    static TranscriptionRequest read(MultipartForm form, Task route) {
        Fields fields = Fields.form(form::texts);
        MultipartForm.UploadedFile file = form.file("file");
        if (file == null) {
            fields.reject(FieldError.missing("body", "file"));
        }
        String model = fields.required("model");
        boolean stream = fields.bool("stream", false);
        KeepAlive keepAlive = keepAlive(fields);
        TranscriptionJob job = job(fields, route);
        fields.check();
        if (file == null) {
            throw new IllegalStateException("check() passes only with a file");
        }
        return new TranscriptionRequest(file, model, job, stream, keepAlive);
    }

    /** As Ollama has it: seconds, a duration such as 5m, 0 or -1. */
    private static @Nullable KeepAlive keepAlive(Fields fields) {
        String given = fields.text("keep_alive");
        try {
            return given == null ? null : KeepAlive.parse(given);
        } catch (IllegalArgumentException unreadable) {
            fields.reject(
                    FieldError.value(
                            List.of("body", "keep_alive"),
                            given,
                            String.valueOf(unreadable.getMessage())));
            return null;
        }
    }

    /** What is to be done and written; wrong values are remembered in {@code fields}. */
    static TranscriptionJob job(Fields fields, Task route) {
        ResponseFormat format =
                ResponseFormat.of(
                        fields.choice("response_format", "json", ResponseFormat.apiNames()));
        List<String> granularities =
                fields.choices("timestamp_granularities", List.of("segment", "word"));
        boolean logProbabilities =
                fields.choices("include", List.of("logprobs")).contains("logprobs");
        SubtitleLayout layout =
                new SubtitleLayout(
                        fields.optionalInteger("max_line_width", 1),
                        fields.optionalInteger("max_line_count", 1),
                        fields.optionalInteger("max_words_per_line", 1),
                        fields.bool("highlight_words", false));
        boolean subtitles = format == ResponseFormat.SRT || format == ResponseFormat.VTT;
        boolean words =
                fields.bool("word_timestamps", false)
                        || (format == ResponseFormat.VERBOSE_JSON
                                && granularities.contains("word"));
        // Checked although there is no voice activity filter yet: every request is transcribed
        // whole, as vad_filter=false asks.
        fields.bool("vad_filter", false);
        TranscribeOptions options =
                options(fields, route)
                        .wordTimestamps(words || (subtitles && layout.needsWords()))
                        .tokenLogProbabilities(logProbabilities)
                        .build();
        return new TranscriptionJob(
                options,
                new TranscriptWriter(format, options.task(), words, logProbabilities, layout));
    }

    private static TranscribeOptions.Builder options(Fields fields, Task route) {
        TranscribeOptions defaults = TranscribeOptions.defaults();
        TranscribeOptions.Builder options = TranscribeOptions.builder();
        options.language(fields.text("language"))
                .languages(fields.repeated("languages"))
                .task(task(fields, route))
                .beamSize(fields.integer("beam_size", defaults.beamSize(), 1))
                .bestOf(fields.integer("best_of", defaults.bestOf(), 1))
                .patience(fields.number("patience", defaults.patience(), 0))
                .lengthPenalty(fields.number("length_penalty", defaults.lengthPenalty(), ANY))
                .repetitionPenalty(
                        fields.number("repetition_penalty", defaults.repetitionPenalty(), 0))
                .noRepeatNgramSize(
                        fields.integer("no_repeat_ngram_size", defaults.noRepeatNgramSize(), 0))
                .temperatures(temperatures(fields))
                .compressionRatioThreshold(
                        fields.threshold(
                                "compression_ratio_threshold",
                                defaults.compressionRatioThreshold()))
                .logProbThreshold(
                        fields.threshold("log_prob_threshold", defaults.logProbThreshold()))
                .noSpeechThreshold(
                        fields.threshold("no_speech_threshold", defaults.noSpeechThreshold()))
                .conditionOnPreviousText(
                        fields.bool(
                                "condition_on_previous_text", defaults.conditionOnPreviousText()))
                .promptResetOnTemperature(
                        fields.number(
                                "prompt_reset_on_temperature",
                                defaults.promptResetOnTemperature(),
                                ANY))
                .suppressBlank(fields.bool("suppress_blank", defaults.suppressBlank()))
                .withoutTimestamps(fields.bool("without_timestamps", false))
                .maxInitialTimestamp(
                        fields.number("max_initial_timestamp", defaults.maxInitialTimestamp(), 0))
                .prefix(fields.text("prefix"))
                .hotwords(hotwords(fields))
                .prependPunctuations(
                        fields.text("prepend_punctuations", defaults.prependPunctuations()))
                .appendPunctuations(
                        fields.text("append_punctuations", defaults.appendPunctuations()))
                .multilingual(fields.bool("multilingual", defaults.multilingual()))
                .maxNewTokens(fields.optionalInteger("max_new_tokens", 1))
                .chunkLengthSeconds(fields.optionalInteger("chunk_length", 1))
                .hallucinationSilenceThreshold(
                        fields.threshold("hallucination_silence_threshold", null))
                .languageDetectionThreshold(
                        fields.threshold(
                                "language_detection_threshold",
                                defaults.languageDetectionThreshold()))
                .languageDetectionSegments(
                        fields.integer(
                                "language_detection_segments",
                                defaults.languageDetectionSegments(),
                                1));
        lists(fields, options);
        return options;
    }

    private static void lists(Fields fields, TranscribeOptions.Builder options) {
        // The prompt is OpenAI's name of faster-whisper's initial_prompt.
        String prompt = fields.text("prompt");
        options.initialPrompt(prompt != null ? prompt : fields.text("initial_prompt"));
        List<Integer> promptTokens = fields.integers("prompt_tokens", 0);
        if (promptTokens != null) {
            options.promptTokens(promptTokens.stream().mapToInt(Integer::intValue).toArray());
        }
        List<Integer> suppress = fields.integers("suppress_tokens", -1);
        if (suppress != null) {
            options.suppressTokens(suppress);
        }
        List<Double> clips = fields.numberList("clip_timestamps", 0);
        if (clips != null) {
            options.clipTimestamps(clips.isEmpty() ? List.of(0.0) : clips);
        }
        Long seed = fields.optionalLong("seed");
        options.seed(seed == null ? OptionalLong.empty() : OptionalLong.of(seed));
    }

    /** OpenAI's list of keywords is faster-whisper's hotwords. */
    private static @Nullable String hotwords(Fields fields) {
        List<String> keywords = fields.repeated("keywords");
        String given = fields.text("hotwords");
        return given != null || keywords.isEmpty() ? given : String.join(", ", keywords);
    }

    private static Task task(Fields fields, Task route) {
        if (route == Task.TRANSLATE) {
            return route;
        }
        String name = fields.choice("task", "transcribe", List.of("transcribe", "translate"));
        return Task.valueOf(name.toUpperCase(Locale.ROOT));
    }

    /**
     * Absent or 0 is the ladder, as OpenAI documents; one other value is that value alone; several
     * are a ladder of the client's own. {@code temperature_fallback=false} leaves the first.
     */
    private static List<Double> temperatures(Fields fields) {
        List<Double> given = fields.numbers("temperature", 0);
        boolean fallback = fields.bool("temperature_fallback", true);
        for (int i = 1; i < given.size(); i++) {
            if (given.get(i) <= given.get(i - 1)) {
                fields.reject(
                        FieldError.value(
                                List.of("body", "temperature", i),
                                given.get(i),
                                "several temperatures must rise"));
            }
        }
        boolean ladder = given.isEmpty() || (given.size() == 1 && given.getFirst() == 0);
        List<Double> all = ladder ? TranscribeOptions.FALLBACK_TEMPERATURES : given;
        return fallback ? all : List.of(all.getFirst());
    }
}
