package dev.parlo.engine.text.items;

import dev.parlo.engine.text.items.ItemRule.Match;
import dev.parlo.engine.text.language.LanguageTables;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads what tells the size of a number behind it: {@code 3 million}, {@code 1.6k}, {@code 6e23}.
 */
final class Scales {
    /**
     * A word for the size of a number.
     *
     * @param word in the language, or empty where there is none
     * @param next the index behind it, or behind the number
     */
    record Scale(String word, int next) {}

    /** What "4K" and "5K" stand before when they are not four and five thousand. */
    private static final Set<String> K_NOUNS =
            Set.of(
                    "video",
                    "videos",
                    "tv",
                    "tvs",
                    "television",
                    "resolution",
                    "display",
                    "displays",
                    "monitor",
                    "monitors",
                    "screen",
                    "screens",
                    "footage",
                    "movie",
                    "movies",
                    "film",
                    "quality",
                    "uhd",
                    "hdr",
                    "streaming",
                    "stream",
                    "run",
                    "race",
                    "camera",
                    "cameras",
                    "content",
                    "blu",
                    "playback",
                    "gaming",
                    "projector");

    private static final Set<String> ROOMS =
            Set.of(
                    "apt",
                    "apartment",
                    "unit",
                    "suite",
                    "room",
                    "flat",
                    "gate",
                    "row",
                    "seat",
                    "class",
                    "grade",
                    "platform",
                    "block",
                    "section",
                    "type",
                    "no",
                    "number");

    /** The teams that are named after a year. */
    private static final Map<String, String> PLAYERS =
            Map.of("49", "forty-niners", "76", "seventy-sixers");

    private static final Map<String, String> MANY =
            Map.of(
                    "10",
                    "tens",
                    "100",
                    "hundreds",
                    "1000",
                    "thousands",
                    "10000",
                    "tens of thousands",
                    "100000",
                    "hundreds of thousands",
                    "1000000",
                    "millions");

    /** What is counted in millions where meters make no sense: {@code 5m people}. */
    private static final Set<String> MILLIONS =
            Set.of(
                    ("people users viewers customers subscribers followers passengers barrels copies"
                                    + " jobs homes households voters residents downloads streams views"
                                    + " children workers visitors tourists doses migrants refugees"
                                    + " shares units tons tonnes listeners readers players fans"
                                    + " members employees students patients families votes hectares"
                                    + " acres years cases deaths adults")
                            .split(" "));

    private final LanguageTables tables;
    private final Context context;

    Scales(LanguageTables tables, Context context) {
        this.tables = tables;
        this.context = context;
    }

    /** The scale of an amount of money whose currency stands before it. */
    Scale behindCurrency(Tokens tokens, int index) {
        return scale(tokens, index, tables.scales().keySet(), 2);
    }

    /** The scale of a number that may be of money. */
    Scale behindNumber(Tokens tokens, int index) {
        return scale(tokens, index, tables.scales().keySet(), 3);
    }

    /** A number and its scale that are no money, or null. */
    @Nullable Match scaled(Tokens tokens, int index, Quantity quantity, int next) {
        Scale plain = scale(tokens, next, tables.plainScales(), 3);
        boolean name =
                tokens.is(next, "K") && screen(tokens, index, quantity, next)
                        // 221B Baker Street
                        || tokens.is(next, "B")
                                && (tokens.capitalised(next + 2)
                                        || ROOMS.contains(Context.wordBefore(tokens, index)));
        return plain.word.isEmpty() || name
                ? null
                : new Match(new Item.Scaled(quantity, plain.word), plain.next);
    }

    /**
     * @param least letters of a scale that stands behind a space with no currency behind itself
     */
    private Scale scale(Tokens tokens, int index, Set<String> known, int least) {
        boolean glued = tokens.word(index);
        int at = tokens.skipSpace(index);
        if (!glued && tokens.is(index, '-') && tokens.word(index + 1)) {
            at = index + 1;
        }
        String written = tokens.text(at);
        String word = known.contains(written) ? tables.scales().get(written) : null;
        if (word == null
                || !glued
                        && written.length() < least
                        && !Currencies.at(tokens, at + 1, tables.currencies()).found()
                || tokens.number(at + 1)
                || tokens.in(at + 1, "'’") && tokens.word(at + 2)) {
            return new Scale("", index);
        }
        boolean dotted = tokens.is(at + 1, '.') && !word.equals(written);
        return new Scale(word, dotted ? context.overDot(tokens, at + 1) : at + 1);
    }

    private static boolean screen(Tokens tokens, int index, Quantity quantity, int k) {
        if (!"2 4 5 8 10".contains(quantity.whole())) {
            return false;
        }
        int noun = tokens.in(k + 1, "-") ? k + 2 : tokens.skipSpace(k + 1);
        String after = Context.lower(tokens, noun);
        return after != null && K_NOUNS.contains(after)
                || tokens.is(k + 1, '@') // 4K@60Hz
                || after == null && Context.wordBefore(tokens, index).equals("in");
    }

    /** {@code 100s of people}, {@code 5m people}, {@code 49ers}. */
    @Nullable Match many(Tokens tokens, Quantity quantity, int next) {
        if (tables.english()
                && tokens.is(next, "m")
                && tokens.space(next + 1)
                && MILLIONS.contains(tokens.text(next + 2))) {
            return new Match(new Item.Scaled(quantity, "million"), next + 1);
        }
        String players = tables.english() ? PLAYERS.get(quantity.whole()) : null;
        if (players != null && tokens.is(next, "ers")) {
            return new Match(new Item.Words(players), next + 1);
        }
        String words = tables.english() ? MANY.get(quantity.whole()) : null;
        boolean of =
                tokens.is(next, "s")
                        && tokens.space(next + 1)
                        && tokens.is(next + 2, "of")
                        && quantity.isWhole()
                        && !quantity.negative();
        return words == null || !of ? null : new Match(new Item.Words(words), next + 1);
    }

    /** {@code 6.02e23}, {@code 1e-5}. */
    static @Nullable Match scientific(Tokens tokens, Quantity quantity, int next) {
        boolean letter = tokens.is(next, "e") || tokens.is(next, "E");
        boolean sign = tokens.in(next + 1, "+-−");
        int exponent = sign ? next + 2 : next + 1;
        boolean fits =
                letter
                        && tokens.number(exponent)
                        && tokens.length(exponent) <= 4
                        && !tokens.word(exponent + 1)
                        && (sign || !quantity.isWhole() || tokens.is(next, "e"))
                        && !(sign && tokens.in(exponent + 1, "-.") && tokens.number(exponent + 2));
        if (!fits) {
            return null;
        }
        String minus = sign && !tokens.is(next + 1, '+') ? "-" : "";
        return new Match(
                new Item.Scientific(quantity, minus + Quantity.ascii(tokens.text(exponent))),
                exponent + 1);
    }
}
