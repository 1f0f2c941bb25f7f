package dev.parlo.engine.text;

import java.util.Iterator;
import java.util.Locale;

/** Puts numbers, signs and other notation into words of the language that is spoken. */
public interface Wording {
    /**
     * Writes numbers, dates and the like out, in parts of whole sentences that are made one by one.
     */
    Iterator<MappedText> written(MappedText text, Manner manner);

    /** The language that a manner speaks. */
    Locale language(Manner manner);

    /** One normaliser and one language for everything. */
    static Wording of(TextNormalizer normalizer, Locale language) {
        return new Wording() {
            @Override
            public Iterator<MappedText> written(MappedText text, Manner manner) {
                return normalizer.parts(text);
            }

            @Override
            public Locale language(Manner manner) {
                return language;
            }
        };
    }
}
