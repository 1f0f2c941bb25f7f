package dev.parlo.engine.text.items;

import dev.parlo.engine.text.items.ItemRule.Match;
import dev.parlo.engine.text.language.LanguageTables;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tells years and decades from numbers. */
final class Years {
    private static final Set<String> BEFORE_YEARS =
            Set.of(
                    "in", "year", "since", "circa", "c", "ca", "around", "until", "by", "anno",
                    "ad", "spring", "summer", "autumn", "fall", "winter");
    private static final Set<String> ERAS = Set.of("BC", "AD", "BCE", "CE");
    private static final Set<String> LINKS = Set.of("to", "and", "or", "until");
    private static final Set<String> BEFORE_DECADES =
            Set.of(
                    "the", "his", "her", "their", "my", "our", "your", "early", "late", "mid", "in",
                    "of", "and", "to", "from", "since", "middle", "low", "high", "upper", "lower",
                    "two", "three", "four", "five", "several", "few", "some");

    private final LanguageTables tables;

    Years(LanguageTables tables) {
        this.tables = tables;
    }

    /** {@code 1980s}, {@code 1980's}, {@code '90s}, {@code the 80s}. */
    @Nullable Match decade(Tokens tokens, int index) {
        if (!tables.english()) {
            return germanDecade(tokens, index);
        }
        boolean apostrophe = tokens.in(index, "'’‘") && tokens.number(index + 1);
        int number = apostrophe ? index + 1 : index;
        int digits = tokens.length(number);
        if (!tokens.number(number) || digits != 2 && digits != 4 || Context.glued(tokens, index)) {
            return null;
        }
        if (apostrophe && (tokens.word(index - 1) || digits != 2)) {
            return null;
        }
        int value = Integer.parseInt(Quantity.ascii(tokens.text(number)));
        int end = tokens.in(number + 1, "'’") ? number + 2 : number + 1;
        if (tokens.is(end, "s") || tokens.is(end, "S") && digits == 4) {
            boolean known =
                    digits == 4
                            ? value >= 1000 && value < 2200
                            : apostrophe || spoken(tokens, index, value);
            boolean many = value == 1000 && tokens.space(end + 1) && tokens.is(end + 2, "of");
            return known && !many && value % 10 == 0
                    ? new Match(new Item.Decade(value), end + 1)
                    : null;
        }
        // the class of '99
        return apostrophe && !tokens.word(number + 1) && !tokens.in(number + 1, "'’\"")
                ? new Match(new Item.Year(Quantity.of(tokens.text(number))), number + 1)
                : null;
    }

    /** {@code die 80er}, {@code 1990er}. */
    private @Nullable Match germanDecade(Tokens tokens, int index) {
        boolean decade =
                tables.locale().getLanguage().equals("de")
                        && tokens.number(index)
                        && (tokens.length(index) == 2 || tokens.length(index) == 4)
                        && tokens.is(index + 1, "er")
                        && !Context.glued(tokens, index);
        return decade
                ? new Match(
                        new Item.Decade(Integer.parseInt(Quantity.ascii(tokens.text(index)))),
                        index + 2)
                : null;
    }

    private static boolean spoken(Tokens tokens, int index, int value) {
        boolean dash = tokens.in(index - 1, "-–");
        String before = dash ? tokens.text(index - 2) : Context.wordBefore(tokens, index);
        boolean second = dash && before.equals("s") && tokens.number(index - 3);
        return value >= 20 && (second || BEFORE_DECADES.contains(before));
    }

    /** Makes a number a year where what stands around it leaves no doubt. */
    Match known(Tokens tokens, int index, Match number) {
        if (!(number.item() instanceof Item.Number(Quantity quantity, boolean perhaps))
                || !perhaps
                || !tables.english()) {
            return number;
        }
        int value = quantity.small();
        int era = tokens.skipSpace(number.next());
        boolean alone = !(tokens.space(number.next()) && tokens.word(era));
        boolean told =
                BEFORE_YEARS.contains(Context.wordBefore(tokens, index))
                                && (value < 2200 || alone)
                                && !describes(tokens, number.next())
                        || behindYear(tokens, index)
                        || ERAS.contains(tokens.text(era))
                        || LINKS.contains(tokens.text(era))
                                && tokens.number(era + 2)
                                && ERAS.contains(tokens.text(tokens.skipSpace(era + 3)));
        return told && value >= 1000 ? new Match(new Item.Year(quantity), number.next()) : number;
    }

    /** "in 1066 and 1215": the second is one as the first is. */
    private static boolean behindYear(Tokens tokens, int index) {
        return LINKS.contains(Context.wordBefore(tokens, index))
                && tokens.number(index - 4)
                && tokens.length(index - 4) == 4
                && BEFORE_YEARS.contains(Context.wordBefore(tokens, index - 4));
    }

    /** "in 1300 houses": a noun in the plural is counted. */
    private static boolean describes(Tokens tokens, int next) {
        String noun = tokens.space(next) ? tokens.text(next + 1) : "";
        return noun.length() > 3 && noun.endsWith("s") && Character.isLowerCase(noun.charAt(0));
    }
}
