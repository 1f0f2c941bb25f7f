package dev.parlo.server.speech;

import dev.parlo.engine.EngineException;
import dev.parlo.engine.SpeechOptions;
import dev.parlo.engine.TextToSpeech;
import dev.parlo.engine.UnknownVoiceException;
import dev.parlo.engine.Voice;
import dev.parlo.engine.text.Script;
import dev.parlo.engine.text.VoiceStyle;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The voice that answers to a name of another service: the model's own of that name, one of the
 * aliases, else a default, which is of the wanted language where the model has one. Thread-safe.
 */
final class ForeignVoice {
    private static final Logger LOG = LoggerFactory.getLogger(ForeignVoice.class);

    private final VoiceAliases aliases;

    ForeignVoice(VoiceAliases aliases) {
        this.aliases = aliases;
    }

    /**
     * Options with a voice and a language that the engine accepts. Of a name that means nothing
     * here the log is told.
     *
     * @param options with the name of a voice, or empty for any
     * @throws EngineException BAD_REQUEST when the engine cannot do something else, such as the
     *     speed
     */
    SpeechOptions find(SpeechOptions options, TextToSpeech engine) {
        String wanted = options.voice();
        String language = options.language();
        SpeechOptions plain =
                options.withVoice(wanted.isEmpty() ? SpeechRequest.DEFAULT_VOICE : wanted)
                        .withLanguage(null);
        SpeechOptions voiced;
        try {
            if (wanted.isEmpty() && language != null) {
                throw new UnknownVoiceException("", List.of());
            }
            voiced = aliases.resolve(plain, engine, false);
        } catch (UnknownVoiceException unknown) {
            voiced = standIn(plain, engine, language);
            if (!wanted.isEmpty()) {
                LOG.info(
                        "There is no voice '{}': '{}' answers.",
                        ModelPicker.shown(wanted),
                        voiced.voice());
            }
        }
        return inLanguage(voiced, engine, language);
    }

    /**
     * The same with the voices that a text names; one that is not known is spoken by the voice of
     * the rest, which the log is told.
     */
    SpeechOptions inText(Script script, SpeechOptions options, TextToSpeech engine) {
        Map<String, VoiceStyle> styles = new HashMap<>();
        for (String name : script.voices()) {
            String key = name.toLowerCase(Locale.ROOT);
            VoiceStyle style =
                    options.reading().voices().getOrDefault(key, new VoiceStyle(name, 1));
            String voice;
            try {
                voice = aliases.resolve(options.withVoice(style.voice()), engine, false).voice();
            } catch (UnknownVoiceException unknown) {
                voice = options.voice();
                LOG.info("There is no voice '{}': '{}' answers.", ModelPicker.shown(name), voice);
            }
            styles.put(key, new VoiceStyle(voice, style.rate()));
        }
        return options.withReading(options.reading().withVoices(styles));
    }

    private SpeechOptions standIn(
            SpeechOptions plain, TextToSpeech engine, @Nullable String language) {
        SpeechOptions usual =
                aliases.resolve(plain.withVoice(SpeechRequest.DEFAULT_VOICE), engine, true);
        if (language == null || speaks(engine, usual.voice(), language)) {
            return usual;
        }
        return engine.voices().stream()
                .filter(voice -> sameLanguage(voice.language(), language))
                .findFirst()
                .map(voice -> plain.withVoice(voice.id()))
                .orElse(usual);
    }

    /** A language only where it is not the voice's own, and only where the engine has it. */
    private static SpeechOptions inLanguage(
            SpeechOptions voiced, TextToSpeech engine, @Nullable String language) {
        if (language == null || speaks(engine, voiced.voice(), language)) {
            return voiced;
        }
        SpeechOptions translated = voiced.withLanguage(language);
        try {
            engine.check(translated);
            return translated;
        } catch (EngineException notSpoken) {
            return voiced;
        }
    }

    private static boolean speaks(TextToSpeech engine, String id, String language) {
        int variant = id.indexOf('+');
        String base = variant < 0 ? id : id.substring(0, variant);
        for (Voice voice : engine.voices()) {
            if (voice.id().equals(id) || voice.id().equals(base)) {
                return sameLanguage(voice.language(), language);
            }
        }
        return false;
    }

    /** By the first part of the tags alone: an accent is the voice's. */
    private static boolean sameLanguage(String one, String other) {
        return primary(one).equals(primary(other));
    }

    private static String primary(String tag) {
        String first = tag.split("[-_]", 2)[0].toLowerCase(Locale.ROOT);
        return switch (first) {
            case "zh", "cmn" -> "zh";
            default -> first;
        };
    }
}
