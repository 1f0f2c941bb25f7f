package dev.parlo.server.suggestion;

import dev.parlo.registry.ModelTask;
import dev.parlo.server.http.Fields;
import dev.parlo.server.transcription.LanguageNames;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a model is looked for.
 *
 * @param language its code; empty for any
 * @param memory bytes that it may take; empty for what this machine has for it
 * @param limit at most so many suggestions
 */
record SuggestionQuery(ModelTask task, Optional<String> language, OptionalLong memory, int limit) {
    private static final int MOST = 100;
    private static final int USUAL = 5;

    /** Reads a query from the texts of its fields, as a command line has them. */
    static SuggestionQuery of(Map<String, String> fields) {
        return read(
                Fields.form(
                        name -> Optional.ofNullable(fields.get(name)).stream().toList(),
                        fields.keySet()));
    }

    /**
     * @throws dev.parlo.server.http.ApiError 422 that names every wrong field and what is accepted
     */
    static SuggestionQuery read(Fields fields) {
        List<String> tasks = Arrays.stream(ModelTask.values()).map(ModelTask::tag).toList();
        String tag = fields.choice("task", tasks);
        ModelTask task =
                Optional.ofNullable(tag)
                        .flatMap(ModelTask::ofTag)
                        .orElse(ModelTask.AUTOMATIC_SPEECH_RECOGNITION);
        Optional<String> language = language(fields, task);
        OptionalLong memory = memory(fields);
        int limit = fields.integerBetween("limit", 1, MOST).orElse(USUAL);
        fields.check();
        return new SuggestionQuery(task, language, memory, limit);
    }

    private static Optional<String> language(Fields fields, ModelTask task) {
        String name = fields.text("language");
        if (name == null || name.isBlank()) {
            return Optional.empty();
        }
        boolean spoken =
                task == ModelTask.AUTOMATIC_SPEECH_RECOGNITION || task == ModelTask.TEXT_TO_SPEECH;
        if (!spoken) {
            fields.reject("language", "models for " + task + " know no language; leave it out");
            return Optional.empty();
        }
        Optional<String> code = Languages.code(name);
        if (code.isEmpty()) {
            fields.reject(
                    "language",
                    "'"
                            + shortened(name)
                            + "' is not known as a language; accepted is a language's English name, its code of ISO 639 (de, deu) or a tag"
                            + " that begins with one (de-AT); Whisper's codes are "
                            + String.join(", ", LanguageNames.codes()));
        }
        return code;
    }

    private static String shortened(String text) {
        return text.length() > 40 ? text.substring(0, 40) + "…" : text;
    }

    private static OptionalLong memory(Fields fields) {
        String given = fields.plain("memory");
        if (given == null || given.isBlank()) {
            return OptionalLong.empty();
        }
        OptionalLong bytes = MemoryAmount.parse(given);
        if (bytes.isEmpty()) {
            fields.reject(
                    "memory",
                    "'"
                            + shortened(given)
                            + "' is not an amount of memory; accepted is "
                            + MemoryAmount.ACCEPTED);
        }
        return bytes;
    }
}
