package dev.parlo.server.speech;

import dev.parlo.engine.SpeechOptions;
import dev.parlo.engine.text.Lexicon;
import dev.parlo.engine.text.Reading;
import dev.parlo.engine.text.TextMarkup;
import dev.parlo.engine.text.VoiceStyle;
import dev.parlo.server.http.FieldError;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * The fields of a request that tell how its text is read: {@code ssml}, {@code allow_voice_tags},
 * {@code voice_aliases}, {@code pronunciations}.
 */
final class ReadingFields {
    private static final int MOST_PRONUNCIATIONS = 1000;
    private static final int MOST_ALIASES = 100;

    private ReadingFields() {}

    /**
     * Reads them.
     *
     * @param voiceTags whether voice tags are understood where the request does not say
     */
    static Reading read(JsonNode root, boolean voiceTags, List<FieldError> errors) {
        boolean ssml = SpeechRequest.bool(root, "ssml", false, errors);
        boolean tags = SpeechRequest.bool(root, "allow_voice_tags", voiceTags, errors);
        TextMarkup markup =
                ssml ? TextMarkup.SSML : tags ? TextMarkup.VOICE_TAGS : TextMarkup.PLAIN;
        return new Reading(
                markup,
                aliases(root.path("voice_aliases"), errors),
                pronunciations(root.path("pronunciations"), errors));
    }

    private static Lexicon pronunciations(JsonNode node, List<FieldError> errors) {
        if (node.isMissingNode() || node.isNull()) {
            return Lexicon.EMPTY;
        }
        List<Object> at = List.of("body", "pronunciations");
        if (node.size() > MOST_PRONUNCIATIONS) {
            errors.add(
                    FieldError.value(
                            at, node.size(), "at most " + MOST_PRONUNCIATIONS + " are accepted"));
            return Lexicon.EMPTY;
        }
        try {
            return PronunciationFile.lexicon(node);
        } catch (IllegalArgumentException wrong) {
            errors.add(FieldError.value(at, "", String.valueOf(wrong.getMessage())));
            return Lexicon.EMPTY;
        }
    }

    private static Map<String, VoiceStyle> aliases(JsonNode node, List<FieldError> errors) {
        if (node.isMissingNode() || node.isNull()) {
            return Map.of();
        }
        List<Object> at = List.of("body", "voice_aliases");
        if (!node.isObject() || node.size() > MOST_ALIASES) {
            errors.add(
                    FieldError.value(
                            at,
                            "",
                            "must be an object of at most "
                                    + MOST_ALIASES
                                    + " names to voices or to {voice, rate}"));
            return Map.of();
        }
        Map<String, VoiceStyle> aliases = new HashMap<>();
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            JsonNode voice = entry.getValue();
            JsonNode name = voice.isObject() ? voice.path("voice") : voice;
            JsonNode rate = voice.path("rate");
            double factor = rate.isNumber() ? rate.asDouble() : 1;
            boolean rated = rate.isMissingNode() || rate.isNull() || rate.isNumber();
            if (!name.isString()
                    || name.asString().isBlank()
                    || !rated
                    || !(factor >= SpeechOptions.MIN_SPEED && factor <= SpeechOptions.MAX_SPEED)) {
                errors.add(
                        FieldError.value(
                                List.of("body", "voice_aliases", entry.getKey()),
                                voice.toString(),
                                "must be a voice or {\"voice\": …, \"rate\": 0.25 to 4}"));
                continue;
            }
            aliases.put(
                    entry.getKey().toLowerCase(Locale.ROOT),
                    new VoiceStyle(name.asString(), factor));
        }
        return aliases;
    }
}
