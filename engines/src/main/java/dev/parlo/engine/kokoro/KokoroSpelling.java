package dev.parlo.engine.kokoro;

import dev.parlo.engine.espeak.EspeakNg;
import dev.parlo.engine.text.Lexicon;
import dev.parlo.engine.text.Manner;
import dev.parlo.engine.text.MappedText;
import dev.parlo.engine.text.Normalization;
import dev.parlo.engine.text.Normalizers;
import dev.parlo.engine.text.Script;
import dev.parlo.engine.text.TextMarkup;
import dev.parlo.engine.text.TextPiece;
import dev.parlo.engine.text.TextReader;
import dev.parlo.engine.text.Wording;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;

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

    /** One language for everything. */
    private record Spoken(KokoroLanguage spoken, Normalizers normalizers) implements Wording {
        @Override
        public Iterator<MappedText> written(MappedText text, Manner manner) {
            return spoken.written(text, normalizers, Normalization.DEFAULT);
        }

        @Override
        public Locale language(Manner manner) {
            return Locale.forLanguageTag(spoken.tag());
        }
    }

    public KokoroSpelling(EspeakNg espeak, KokoroLexicons lexicons) {
        this.phonemizer = new KokoroPhonemizer(espeak, lexicons, MandarinAlphabet.IPA);
    }

    /**
     * The phonemes of a text, in which Markdown, emoji and pronunciations are read as in speech.
     *
     * @param code Kokoro's letter for the language or a tag: {@code a}, {@code en-gb}
     */
    public Phonemes phonemize(String text, String code) {
        KokoroLanguage language = KokoroLanguage.ofCode(code);
        TextReader reader =
                new TextReader(
                        Script.of(text, TextMarkup.PLAIN),
                        new Spoken(language, normalizers),
                        Lexicon.EMPTY);
        List<String> written = new ArrayList<>();
        while (reader.hasNext()) {
            if (reader.next() instanceof TextPiece.Say say) {
                written.add(say.text().text());
            }
        }
        String phonemes =
                vocabulary.known(
                        String.join(
                                " ",
                                phonemizer.phonemes(written, language, reader.pronunciations())));
        List<Integer> tokens = new ArrayList<>();
        for (int id : vocabulary.ids(phonemes)) {
            tokens.add(id);
        }
        return new Phonemes(phonemes, tokens);
    }
}
