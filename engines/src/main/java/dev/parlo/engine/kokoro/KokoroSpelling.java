package dev.parlo.engine.kokoro;

import dev.parlo.engine.espeak.EspeakNg;
import dev.parlo.engine.text.MappedText;
import dev.parlo.engine.text.Normalization;
import dev.parlo.engine.text.Normalizers;
import dev.parlo.engine.text.Pronunciations;
import java.util.ArrayList;
import java.util.List;

/** Tells how Kokoro would pronounce a text; needs no model. Thread-safe. */
public final class KokoroSpelling {
    private final KokoroPhonemizer phonemizer;
    private final KokoroVocabulary vocabulary = KokoroVocabulary.builtIn();
    private final Normalizers normalizers = new Normalizers();

    /** A text's phonemes and their numbers in the vocabulary of version 1.0. */
    public record Phonemes(String phonemes, List<Integer> tokens) {
        public Phonemes {
            tokens = List.copyOf(tokens);
        }
    }

    public KokoroSpelling(EspeakNg espeak, KokoroLexicons lexicons) {
        this.phonemizer = new KokoroPhonemizer(espeak, lexicons, MandarinAlphabet.IPA);
    }

    /**
     * The phonemes of a text.
     *
     * @param code Kokoro's letter for the language or a tag: {@code a}, {@code en-gb}
     */
    public Phonemes phonemize(String text, String code) {
        KokoroLanguage language = KokoroLanguage.ofCode(code);
        StringBuilder written = new StringBuilder();
        language.written(
                        MappedText.of(text.replaceAll("[\uE000-\uF8FF]", " ")),
                        normalizers,
                        Normalization.DEFAULT)
                .forEachRemaining(written::append);
        String phonemes =
                vocabulary.known(
                        phonemizer
                                .phonemes(
                                        List.of(written.toString()), language, new Pronunciations())
                                .getFirst());
        List<Integer> tokens = new ArrayList<>();
        for (int id : vocabulary.ids(phonemes)) {
            tokens.add(id);
        }
        return new Phonemes(phonemes, tokens);
    }
}
