package dev.parlo.engine.text;

import java.util.List;

/** A part of a script: something to say in one manner, or silence. */
sealed interface Step {
    /**
     * Text from {@code from} to {@code to} of the script's source.
     *
     * @param asides ranges that are said in a way of their own, in order, none in another
     * @param markdown whether it may hold Markdown, pauses and pronunciations in brackets
     * @param ended whether a sentence ends with it, whatever its last letter is
     */
    record Passage(
            Manner manner, int from, int to, List<Aside> asides, boolean markdown, boolean ended)
            implements Step {
        public Passage {
            asides = List.copyOf(asides);
        }
    }

    /** Silence in seconds. */
    record Silence(double seconds) implements Step {}

    /** How an aside is said. */
    enum How {
        /** Other words: {@code given}. */
        INSTEAD,
        /** Phonemes: {@code given}. */
        PHONEMES,
        /** As a number, a date, letter by letter: {@code given} tells which. */
        SAY_AS
    }

    /**
     * A range of the source with a way to say it.
     *
     * @param format more about {@code given}, or empty
     */
    record Aside(int from, int to, How how, String given, String format) {}
}
