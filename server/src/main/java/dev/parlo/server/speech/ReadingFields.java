package dev.parlo.server.speech;

import dev.parlo.engine.SpeechOptions;
import dev.parlo.engine.text.Lexicon;
import dev.parlo.engine.text.Reading;
import dev.parlo.engine.text.TextMarkup;
import dev.parlo.engine.text.VoiceStyle;
import dev.parlo.server.http.Fields;
import java.util.HashMap;
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
    static Reading read(Fields fields, boolean voiceTags) {
        boolean ssml = fields.bool("ssml", false);
        boolean tags = fields.bool("allow_voice_tags", voiceTags);
        TextMarkup markup =
                ssml ? TextMarkup.SSML : tags ? TextMarkup.VOICE_TAGS : TextMarkup.PLAIN;
        return new Reading(markup, aliases(fields), pronunciations(fields));
    }

    private static Lexicon pronunciations(Fields fields) {
        JsonNode node = fields.root().path("pronunciations");
        if (node.isMissingNode() || node.isNull()) {
            return Lexicon.EMPTY;
        }
        if (node.size() > MOST_PRONUNCIATIONS) {
            fields.reject("pronunciations", "at most " + MOST_PRONUNCIATIONS + " are accepted");
            return Lexicon.EMPTY;
        }
        try {
            return PronunciationFile.lexicon(node);
        } catch (IllegalArgumentException wrong) {
            fields.reject("pronunciations", String.valueOf(wrong.getMessage()));
            return Lexicon.EMPTY;
        }
    }

    private static Map<String, VoiceStyle> aliases(Fields fields) {
        JsonNode node = fields.root().path("voice_aliases");
        if (node.isMissingNode() || node.isNull()) {
            return Map.of();
        }
        if (!node.isObject() || node.size() > MOST_ALIASES) {
            fields.reject(
                    "voice_aliases",
                    "must be an object of at most "
                            + MOST_ALIASES
                            + " names to voices or to {voice, rate}");
            return Map.of();
        }
        Fields each = fields.within("voice_aliases");
        Map<String, VoiceStyle> aliases = new HashMap<>();
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            JsonNode voice = entry.getValue();
            JsonNode name = voice.isObject() ? voice.path("voice") : voice;
            double rate = voice.isObject() ? each.within(entry.getKey()).number("rate", 1, 0) : 1;
            boolean named = name.isString() && !name.asString().isBlank();
            if (!named || rate < SpeechOptions.MIN_SPEED || rate > SpeechOptions.MAX_SPEED) {
                each.reject(
                        entry.getKey(), "must be a voice or {\"voice\": …, \"rate\": 0.25 to 4}");
                continue;
            }
            aliases.put(
                    entry.getKey().toLowerCase(Locale.ROOT), new VoiceStyle(name.asString(), rate));
        }
        return aliases;
    }
}
