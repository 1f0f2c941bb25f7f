package dev.parlo.server.models;

import dev.parlo.registry.InstalledModel;
import dev.parlo.registry.SpeechVoices;
import io.javalin.http.Context;
import java.util.List;
import java.util.Locale;

/**
 * A speech model as ElevenLabs lists it, at the address where OpenAI has a list of its own form.
 */
record ElevenLabsModel(
        String modelId,
        String name,
        String description,
        boolean canDoTextToSpeech,
        boolean canDoVoiceConversion,
        List<Language> languages) {
    record Language(String languageId, String name) {
        static Language of(String tag) {
            return new Language(tag, Locale.forLanguageTag(tag).getDisplayName(Locale.ENGLISH));
        }
    }

    /** Their clients send a key by a name of their own, with or without need, and no other. */
    static boolean isAskedFor(Context ctx) {
        return ctx.header("xi-api-key") != null && ctx.header("Authorization") == null;
    }

    static ElevenLabsModel of(InstalledModel model) {
        String id = model.id().toString();
        List<Language> languages =
                model.card().voices().stream()
                        .map(SpeechVoices.Voice::language)
                        .distinct()
                        .map(Language::of)
                        .toList();
        return new ElevenLabsModel(id, id, "", true, false, languages);
    }
}
