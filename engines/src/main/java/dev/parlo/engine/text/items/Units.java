package dev.parlo.engine.text.items;

import dev.parlo.engine.text.items.ItemRule.Match;
import dev.parlo.engine.text.language.LanguageTables;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the units of measurement behind numbers. */
final class Units {
    private static final int LONGEST = 9;
    private static final int SLOWEST_LINE = 1200;

    /** What a letter behind a number belongs to. */
    private static final Set<String> PLACES =
            Set.of(
                    "route",
                    "rte",
                    "highway",
                    "hwy",
                    "exit",
                    "gate",
                    "room",
                    "rm",
                    "unit",
                    "apt",
                    "apartment",
                    "seat",
                    "row",
                    "block",
                    "platform",
                    "terminal",
                    "section",
                    "flat",
                    "suite",
                    "ste",
                    "building",
                    "bldg",
                    "appendix",
                    "table",
                    "figure",
                    "fig",
                    "question",
                    "line",
                    "track",
                    "bus",
                    "zone");

    private final LanguageTables tables;
    private final Context context;

    Units(LanguageTables tables, Context context) {
        this.tables = tables;
        this.context = context;
    }

    /** The unit behind a number: the longest that the table has, at the end of a token. */
    @Nullable Match behind(Tokens tokens, int index, Quantity quantity, int next) {
        boolean hyphen = Context.hyphened(tokens, next) && tables.english();
        int at = hyphen ? next + 1 : tokens.skipSpace(next);
        String text = tokens.all();
        int from = tokens.start(at);
        for (int length = Math.min(LONGEST, text.length() - from); length > 0; length--) {
            String sign = text.substring(from, from + length);
            boolean glued = at == next && tables.gluedUnits().containsKey(sign);
            if (!glued && !tables.units().containsKey(sign)) {
                continue;
            }
            int end = tokens.indexAt(from + length);
            if (tokens.start(end) != from + length
                    || goesOn(tokens, end, sign)
                    || at > next && hazardous(tokens, sign, end)
                    || letterOfName(tokens, index, sign, end)
                    // 25 bps of interest are basis points, 9600 bps the speed of a line
                    || sign.equals("bps") && quantity.small() >= SLOWEST_LINE) {
                continue;
            }
            if (hyphen && (sign.length() == 1 || sign.equals("in"))) {
                continue;
            }
            // "6 ft. tall", but "It is 5°C. 50 people came."
            if (Character.isLowerCase(sign.charAt(sign.length() - 1))
                    && tokens.is(end, '.')
                    && (tokens.in(end + 1, ",;:)")
                            // 5 ft. 6 in.
                            || sign.equals("ft")
                                    && tokens.space(end + 1)
                                    && tokens.number(end + 2)
                                    && tokens.is(tokens.skipSpace(end + 3), "in")
                            || tokens.space(end + 1)
                                    && tokens.word(end + 2)
                                    && !tokens.capitalised(end + 2))) {
                end++;
            }
            if (sign.endsWith(".") && context.endsSentence(tokens, end - 1)) {
                end--;
            }
            boolean attributive =
                    hyphen
                            || context.describes(tokens, index, end)
                            // a screen of 32" is a 32" screen whatever stands before it
                            || (sign.equals("\"") || sign.equals("″"))
                                    && tables.english()
                                    && Context.nounBehind(tokens, end);
            return new Match(new Item.Measure(quantity, sign, attributive), end);
        }
        return null;
    }

    /** The longest sign of a unit that begins at a token and ends with one; empty for none. */
    static String at(LanguageTables tables, Tokens tokens, int index) {
        String text = tokens.all();
        int from = tokens.start(index);
        if (!tokens.word(index)) {
            return "";
        }
        for (int length = Math.min(LONGEST, text.length() - from); length > 0; length--) {
            int end = tokens.indexAt(from + length);
            if (tokens.start(end) == from + length
                    && !tokens.word(end)
                    && !tokens.number(end)
                    && tables.units().containsKey(text.substring(from, from + length))) {
                return text.substring(from, from + length);
            }
        }
        return "";
    }

    /** Whether a slash stands between an amount or its unit and another unit: {@code 5 g/cm³}. */
    static boolean per(LanguageTables tables, Tokens tokens, int slash) {
        boolean amount =
                tokens.number(slash - 1)
                        || tokens.in(slash - 1, "$€£")
                                && tokens.number(tokens.backOverSpace(slash - 2))
                        || tables.units().containsKey(tokens.text(slash - 1))
                                && tokens.number(tokens.backOverSpace(slash - 2));
        return amount && !at(tables, tokens, slash + 1).isEmpty();
    }

    private boolean goesOn(Tokens tokens, int end, String sign) {
        if (tokens.is(end, '/') && !at(tables, tokens, end + 1).isEmpty()) {
            return false;
        }
        boolean letters = Character.isLetterOrDigit(sign.charAt(sign.length() - 1));
        return letters
                && (tokens.word(end)
                        // 5 t-shirts
                        || sign.length() == 1 && tokens.is(end, '-') && tokens.word(end + 1)
                        || tokens.number(end)
                        || tokens.in(end, "²³^")
                        || tokens.in(end, "'’") && tokens.word(end + 1)
                        || tokens.in(end, "/")
                                && tokens.word(end + 1)
                                && tokens.length(end + 1) < 3);
    }

    /** {@code 123 N 5th St}, {@code Route 9W}, {@code Gate 5A}: a capital that measures nothing. */
    private boolean letterOfName(Tokens tokens, int index, String sign, int end) {
        return sign.length() == 1
                && Character.isUpperCase(sign.charAt(0))
                && tables.english()
                && (context.streetBehind(tokens, end)
                        || PLACES.contains(Context.wordBefore(tokens, index)));
    }

    /** A capital that stands alone behind a space may be an initial or the name of something. */
    private static boolean hazardous(Tokens tokens, String sign, int end) {
        return sign.length() == 1
                && Character.isUpperCase(sign.charAt(0))
                && tokens.is(end, '.')
                && tokens.space(end + 1)
                && tokens.capitalised(end + 2);
    }
}
