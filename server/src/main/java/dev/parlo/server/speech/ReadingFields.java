package dev.parlo.server.speech;

import dev.parlo.engine.SpeechOptions;
import dev.parlo.engine.text.Lexicon;
import dev.parlo.engine.text.VoiceStyle;
import dev.parlo.server.http.Fields;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads the fields that tell how a text is read: other names for voices, pronunciations. */
final class ReadingFields {
    static final int MOST_PRONUNCIATIONS = 1000;
    static final int MOST_ALIASES = 100;

    private ReadingFields() {}

    static @Nullable Lexicon pronunciations(Fields fields, String name) {
        JsonNode node = fields.root().path(name);
        if (node.size() > MOST_PRONUNCIATIONS) {
            fields.reject(name, "at most " + MOST_PRONUNCIATIONS + " are accepted");
            return null;
        }
        try {
            return PronunciationFile.lexicon(node);
        } catch (IllegalArgumentException wrong) {
            fields.reject(name, String.valueOf(wrong.getMessage()));
            return null;
        }
    }

    static @Nullable Map<String, VoiceStyle> aliases(Fields fields, String field) {
        JsonNode node = fields.root().path(field);
        if (!node.isObject() || node.size() > MOST_ALIASES) {
            fields.reject(
                    field,
                    "must be an object of at most "
                            + MOST_ALIASES
                            + " names to voices or to {voice, rate}");
            return null;
        }
        Fields each = fields.within(field);
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
