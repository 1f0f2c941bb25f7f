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

    /**
     * @param options with a voice and a language that the engine accepts
     * @param unknown whether the name meant nothing here
     */
    record Found(SpeechOptions options, boolean unknown) {}

    private final VoiceAliases aliases;

    ForeignVoice(VoiceAliases aliases) {
        this.aliases = aliases;
    }

    /**
     * @throws EngineException BAD_REQUEST when the engine cannot do something else, such as the
     *     speed
     */
    Found find(SpeechOrder order, TextToSpeech engine) {
        String named = order.voice();
        String wanted = named == null || named.isBlank() ? "" : named;
        boolean given = !wanted.isEmpty();
        SpeechOptions options = order.options(given ? wanted : SpeechRequest.DEFAULT_VOICE);
        String language = options.language();
        SpeechOptions plain = options.withLanguage(null);
        SpeechOptions voiced;
        boolean unknown = false;
        try {
            if (!given && language != null) {
                throw new UnknownVoiceException("", List.of());
            }
            voiced = aliases.resolve(plain, engine, false);
        } catch (UnknownVoiceException e) {
            unknown = given;
            voiced = standIn(plain, engine, language);
        }
        return new Found(inLanguage(voiced, engine, language), unknown);
    }

    /**
     * The same with the voices that a text names; who is not known there is spoken by the voice of
     * the rest, which the log is told.
     *
     * @throws EngineException BAD_REQUEST when the text's markup is wrong
     */
    SpeechOptions inText(String text, SpeechOptions options, TextToSpeech engine) {
        Map<String, VoiceStyle> styles = new HashMap<>();
        for (String name : Script.of(text, options.reading().markup()).voices()) {
            String voice;
            try {
                voice = aliases.resolve(options.withVoice(name), engine, false).voice();
            } catch (UnknownVoiceException e) {
                voice = options.voice();
                LOG.info("There is no voice '{}': '{}' answers.", ModelPicker.shown(name), voice);
            }
            styles.put(name.toLowerCase(Locale.ROOT), new VoiceStyle(voice, 1));
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
