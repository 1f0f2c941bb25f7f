package dev.parlo.server.transcription;

import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineException.Category;
import dev.parlo.engine.SpeechToText;
import dev.parlo.engine.TranscribeOptions;
import dev.parlo.engine.TranscribeOptions.Task;
import dev.parlo.server.http.ApiError;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds the model's code of a language in what clients call it: {@code en-US}, {@code English}. */
public final class SpokenLanguage {
    /** What stands for no language: clients' words and ISO 639's undetermined. */
    private static final Set<String> DETECT = Set.of("", "auto", "und", "detect");

    private SpokenLanguage() {}

    /** Whisper's English name of one of its codes, such as {@code haitian creole}. */
    public static String englishName(String code) {
        return LanguageNames.name(code);
    }

    /**
     * @param asked null to detect
     * @return a code that the model knows; null to detect. An English-only model has but one.
     * @throws EngineException BAD_REQUEST for a language that the model does not know
     */
    static @Nullable String of(@Nullable String asked, SpeechToText engine) {
        if (!engine.multilingual()) {
            return "en";
        }
        if (asked == null || DETECT.contains(asked.strip().toLowerCase(Locale.ROOT))) {
            return null;
        }
        List<String> known = engine.languages();
        String code = LanguageNames.code(asked);
        if (code != null && known.contains(code)) {
            return code;
        }
        throw new EngineException(
                Category.BAD_REQUEST,
                String.format(
                        Locale.ROOT,
                        "The language '%s' is not known to this model. Known are %s.",
                        asked,
                        String.join(", ", known)));
    }

    /**
     * The options with the languages that they name as the model's codes.
     *
     * @throws EngineException BAD_REQUEST for a language that the model does not know
     */
    public static TranscribeOptions in(TranscribeOptions options, SpeechToText engine) {
        List<String> choices = new ArrayList<>();
        for (String asked : options.languages()) {
            String code = of(asked, engine);
            if (code != null) {
                choices.add(code);
            }
        }
        String language = of(options.language(), engine);
        return options.toBuilder()
                .language(language == null && choices.size() == 1 ? choices.getFirst() : language)
                .languages(engine.multilingual() ? choices : List.of())
                .build();
    }

    /**
     * @throws ApiError 400 for a translation by a model that knows English only
     */
    public static void checkTask(Task task, SpeechToText engine, String modelId) {
        if (task == Task.TRANSLATE && !engine.multilingual()) {
            throw ApiError.of(
                            400,
                            String.format(
                                    Locale.ROOT,
                                    "Model '%s' knows English only and cannot translate. Use a multilingual model, or transcribe.",
                                    modelId))
                    .withParam("model");
        }
    }
}
