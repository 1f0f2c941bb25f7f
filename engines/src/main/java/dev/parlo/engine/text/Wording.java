package dev.parlo.engine.text;

import java.util.Locale;

/** Puts what is not words into words, in the language of whoever speaks. */
public interface Wording {
    /** Writes numbers, dates and the like out. */
    MappedText written(MappedText text, Manner manner);

    /** The language that a manner speaks. */
    Locale language(Manner manner);

    /** One normaliser and one language for everything. */
    static Wording of(TextNormalizer normalizer, Locale language) {
        return new Wording() {
            @Override
            public MappedText written(MappedText text, Manner manner) {
                return normalizer.normalize(text);
            }

            @Override
            public Locale language(Manner manner) {
                return language;
            }
        };
    }
}
