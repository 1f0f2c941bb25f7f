package dev.parlo.engine.text.items;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something in a text that is not written as it is said: the semiotic classes of text
 * normalisation. An item tells what is meant, not how a language says it.
 */
public sealed interface Item {
    /**
     * A number by itself.
     *
     * @param perhapsYear whether four digits may be read as a year
     */
    record Number(Quantity quantity, boolean perhapsYear) implements Item {}

    /** A number that tells a place in an order. */
    record Ordinal(Quantity quantity, Inflection inflection) implements Item {}

    /** The form of an ordinal, in languages that have several. */
    enum Inflection {
        MASCULINE,
        FEMININE,
        /** German behind "der", "die" or "das" of the first case: "das dritte". */
        NOMINATIVE,
        /** German behind other articles: "im dritten". */
        OBLIQUE,
        /** German without an article: "drittes Kapitel". */
        NEUTER,
        /** The same behind a preposition: "ab drittem Tag". */
        DATIVE
    }

    /**
     * A number of things: its form may follow their gender.
     *
     * @param noun the word behind it
     * @param before the word before it, in lower case, or empty
     */
    record Counted(Quantity quantity, String noun, String before) implements Item {}

    /** A year that is known to be one. */
    record Year(Quantity quantity) implements Item {}

    /** Ten years or a hundred: {@code 1980s}, {@code '90s} (as 90). */
    record Decade(int from) implements Item {}

    /**
     * A day of the calendar.
     *
     * @param year or null
     * @param month 1 to 12
     * @param day 1 to 31, or 0 for a month with a year
     * @param lastDay the day that ends a range, or 0
     */
    record Date(@Nullable Quantity year, int month, int day, int lastDay, DateForm form)
            implements Item {}

    /** How a date is written, where languages say it in several ways. */
    enum DateForm {
        MONTH_FIRST,
        DAY_FIRST,
        /** The day first, behind an article: "the 4th of July". */
        BEHIND_ARTICLE,
        /** The same in the first case, in languages with cases: "der 4. Juli". */
        NOMINATIVE
    }

    /** Which half of the day a time says that it is in. */
    enum Half {
        NONE,
        MORNING,
        AFTERNOON,
        /** Of 24 hours, as armies and timetables say them: "oh six hundred hours". */
        HOURS
    }

    /**
     * A time of day.
     *
     * @param minute or -1 where there is only the hour
     * @param second or -1
     */
    record Time(int hour, int minute, int second, Half half) implements Item {}

    /**
     * An amount of money.
     *
     * @param currency ISO 4217
     * @param scale a word such as "million" in the language, or empty
     * @param attributive whether it describes what follows: "a five dollar bill"
     */
    record Money(Quantity amount, String currency, String scale, boolean attributive)
            implements Item {}

    /**
     * A number with a unit.
     *
     * @param unit as the language's table writes it
     * @param attributive whether it describes what follows: "a five kilometer run"
     */
    record Measure(Quantity amount, String unit, boolean attributive) implements Item {}

    /** A number with a word for its size: {@code 1.6k}. */
    record Scaled(Quantity amount, String scale) implements Item {}

    /** How often: {@code 2x}. */
    record Multiple(Quantity amount) implements Item {}

    /** One length of time in several units: {@code 3h 20m}. */
    record Several(List<Measure> parts) implements Item {
        public Several {
            parts = List.copyOf(parts);
        }
    }

    /** From one to another, both of the same kind, or the first a mere number. */
    record Range(Item from, Item to) implements Item {}

    /** Two numbers against each other: {@code 3:1}. */
    record Ratio(Quantity left, Quantity right) implements Item {}

    /** {@code 8/10} as a mark. */
    record OutOf(Quantity left, Quantity right) implements Item {}

    /** Two numbers said one after the other: {@code 24/7}, {@code 50/50}. */
    record Pair(Quantity left, Quantity right) implements Item {}

    /**
     * Width by height: {@code 1920x1080}.
     *
     * @param unit as the language's table writes it, or empty
     * @param attributive whether it describes what follows: "a four by six inch photo"
     */
    record By(List<Quantity> sides, String unit, boolean attributive) implements Item {
        public By {
            sides = List.copyOf(sides);
        }
    }

    /**
     * A fraction, perhaps behind a whole number.
     *
     * @param noun the word or the unit behind it, as it is written, or empty
     */
    record Fraction(@Nullable Quantity whole, int numerator, int denominator, String noun)
            implements Item {}

    /** Digits said one by one, with a short pause between groups; the first may have a plus. */
    record Digits(List<String> groups) implements Item {
        public Digits {
            groups = List.copyOf(groups);
        }
    }

    /** Numbers with points between them: a version, or an address when {@code dots}. */
    record Version(List<String> parts, boolean dots) implements Item {
        public Version {
            parts = List.copyOf(parts);
        }
    }

    /**
     * A Roman numeral.
     *
     * @param ordinal whether it stands behind the name of a ruler
     * @param queen whether that is a woman's name
     */
    record Roman(int value, boolean ordinal, boolean queen) implements Item {
        Roman(int value) {
            this(value, false, false);
        }
    }

    /**
     * The number of an item of a list.
     *
     * @param ends whether the item before it has no end of its own
     */
    record ListMark(Quantity number, boolean ends) implements Item {}

    /** Letters said one by one. */
    record Letters(String letters) implements Item {}

    /** A web address, an address of mail, the name of a file. */
    record Address(String written) implements Item {}

    /** A number with a power of ten: {@code 6.02e23}. */
    record Scientific(Quantity quantity, String exponent) implements Item {}

    /** The plural of a number: {@code MP3s}, {@code two 20s}. */
    record Plural(Quantity quantity) implements Item {}

    /** A power: {@code x^2} behind its base. */
    record Power(String exponent) implements Item {}

    /** A sign, by its key in the language's words. */
    record Sign(String key) implements Item {}

    /** Words that the language's tables hold for it: an abbreviation. Empty says nothing. */
    record Words(String words) implements Item {}
}
