package dev.parlo.engine.kokoro;

import dev.parlo.engine.EngineException;
import dev.parlo.engine.text.ChunkPlanner;
import dev.parlo.engine.text.MappedText;
import dev.parlo.engine.text.Normalization;
import dev.parlo.engine.text.Normalizers;
import dev.parlo.engine.text.TextNormalizer;
import java.util.Iterator;
import java.util.Locale;

/** The languages that Kokoro was trained on: its letter for each, and espeak-ng's voice. */
public enum KokoroLanguage {
    AMERICAN('a', "en-us", "en-us"),
    BRITISH('b', "en-gb", "en-gb"),
    SPANISH('e', "es", "es"),
    FRENCH('f', "fr-fr", "fr-fr"),
    HINDI('h', "hi", "hi"),
    ITALIAN('i', "it", "it"),
    JAPANESE('j', "ja", ""),
    PORTUGUESE('p', "pt-br", "pt-br"),
    MANDARIN('z', "zh", "");

    private final char letter;
    private final String tag;
    private final String espeakVoice;

    KokoroLanguage(char letter, String tag, String espeakVoice) {
        this.letter = letter;
        this.tag = tag;
        this.espeakVoice = espeakVoice;
    }

    String tag() {
        return tag;
    }

    boolean english() {
        return this == AMERICAN || this == BRITISH;
    }

    /** espeak-ng's name of the language; empty where it cannot tell Kokoro's phonemes. */
    String espeakVoice() {
        return espeakVoice;
    }

    /** A text with numbers and the like written out, in parts of whole sentences. */
    Iterator<MappedText> written(MappedText text, Normalizers normalizers, Normalization wanted) {
        return switch (this) {
            case JAPANESE -> TextNormalizer.japanese(wanted).parts(text);
            case MANDARIN -> TextNormalizer.mandarin(wanted).parts(text);
            default -> normalizers.of(Locale.forLanguageTag(tag), wanted).partsMixed(text, wanted);
        };
    }

    /** How long the pieces of text are that are spoken in one go. */
    ChunkPlanner.Lengths lengths() {
        return espeakVoice.isEmpty()
                ? ChunkPlanner.Lengths.IDEOGRAPHIC
                : ChunkPlanner.Lengths.NEURAL;
    }

    /**
     * The tag of a language that Kokoro's clients name by its letter, whatever model answers; any
     * other name of a language stays as it is.
     */
    public static String tagOf(String code) {
        for (KokoroLanguage language : values()) {
            if (code.length() == 1 && language.letter == Character.toLowerCase(code.charAt(0))) {
                return language.tag;
            }
        }
        return code;
    }

    /** The language of a voice by its name, {@code af_heart}; American English if it tells none. */
    static KokoroLanguage ofVoice(String voice) {
        if (voice.length() > 2 && voice.charAt(2) == '_') {
            for (KokoroLanguage language : values()) {
                if (language.letter == voice.charAt(0)) {
                    return language;
                }
            }
        }
        return AMERICAN;
    }

    /**
     * The language of a request: Kokoro's letter or a tag.
     *
     * @throws EngineException of category BAD_REQUEST when Kokoro does not know it
     */
    static KokoroLanguage ofCode(String code) {
        String wanted = code.strip().toLowerCase(Locale.ROOT).replace('_', '-');
        return switch (wanted) {
            case "a", "en", "en-us" -> AMERICAN;
            case "b", "en-gb" -> BRITISH;
            case "e", "es", "es-es", "es-419", "es-mx" -> SPANISH;
            case "f", "fr", "fr-fr" -> FRENCH;
            case "h", "hi", "hi-in" -> HINDI;
            case "i", "it", "it-it" -> ITALIAN;
            case "j", "ja", "jp", "ja-jp" -> JAPANESE;
            case "p", "pt", "pt-br" -> PORTUGUESE;
            case "z", "zh", "cmn", "zh-cn" -> MANDARIN;
            default ->
                    throw new EngineException(
                            EngineException.Category.BAD_REQUEST,
                            "Kokoro does not speak the language '"
                                    + code
                                    + "'. Supported: a en-us, b en-gb, e es, f fr-fr, h hi, i it, j ja, p pt-br, z zh.");
        };
    }
}
