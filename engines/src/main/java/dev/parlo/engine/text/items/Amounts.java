package dev.parlo.engine.text.items;

import dev.parlo.engine.text.items.ItemRule.Match;
import dev.parlo.engine.text.language.LanguageTables;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads numbers with what belongs to them: a currency, a unit, a size, the end of an ordinal. */
final class Amounts {
    private static final int LONGEST_UNIT = 7;

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

    private final LanguageTables tables;
    private final NumberReader numbers;
    private final Context context;
    private final boolean units;

    Amounts(LanguageTables tables, NumberReader numbers, Context context, boolean units) {
        this.tables = tables;
        this.numbers = numbers;
        this.context = context;
        this.units = units;
    }

    /** The amount that begins at a token, with its sign. */
    @Nullable Match read(Tokens tokens, int index) {
        int at = index;
        boolean negative = false;
        if (tokens.in(at, "-−+")) {
            if (before(tokens, at) || tokens.space(at + 1)) {
                return null;
            }
            negative = !tokens.is(at, '+');
            at++;
        }
        Currencies.Sign currency = Currencies.at(tokens, at, tables.currencies());
        if (currency.found()) {
            return prefixed(tokens, index, currency, negative);
        }
        NumberReader.Read number = numbers.read(tokens, at);
        if (number == null || tokens.is(at, tables.decimal()) && Context.glued(tokens, at)) {
            return null;
        }
        NumberReader.Read comma = withComma(tokens, number);
        if (comma != null
                && Currencies.at(tokens, tokens.skipSpace(comma.next()), tables.currencies())
                        .found()) {
            number = comma;
        }
        Quantity quantity = negative ? number.quantity().negated() : number.quantity();
        return suffixed(tokens, index, quantity, number.next());
    }

    /** Money with a comma before its cents, in a language that writes a point: {@code €2,50}. */
    private NumberReader.@Nullable Read withComma(Tokens tokens, NumberReader.Read number) {
        int comma = number.next();
        boolean cents =
                tables.decimal() == '.'
                        && number.quantity().isWhole()
                        && tokens.is(comma, ',')
                        && tokens.number(comma + 1)
                        && tokens.length(comma + 1) == 2
                        && !tokens.in(comma + 2, ",.");
        return cents
                ? new NumberReader.Read(
                        new Quantity(
                                false,
                                number.quantity().whole(),
                                Quantity.ascii(tokens.text(comma + 1)),
                                true),
                        comma + 2)
                : null;
    }

    /** Whether what stands directly before a hyphen makes it something else than a minus. */
    private static boolean before(Tokens tokens, int sign) {
        return tokens.word(sign - 1)
                || tokens.number(sign - 1)
                || tokens.in(sign - 1, ")]%.-−/_°'\"");
    }

    private @Nullable Match prefixed(
            Tokens tokens, int index, Currencies.Sign currency, boolean minus) {
        int at = tokens.skipSpace(currency.next());
        boolean negative = minus;
        if (tokens.in(at, "-−")) {
            negative = true;
            at++;
        }
        NumberReader.Read number = numbers.read(tokens, at);
        if (number == null || tables.currencies().get(currency.currency()) == null) {
            return null;
        }
        NumberReader.Read comma = withComma(tokens, number);
        number = comma == null ? number : comma;
        Quantity quantity = negative ? number.quantity().negated() : number.quantity();
        Scale scale = scale(tokens, number.next(), tables.scales().keySet());
        return money(tokens, index, quantity, currency.currency(), scale);
    }

    private Match money(Tokens tokens, int index, Quantity quantity, String currency, Scale scale) {
        int next = scale.next;
        // US$20 may say USD once more behind itself
        int code = tokens.skipSpace(next);
        if (tokens.is(code, currency)) {
            next = code + 1;
        }
        boolean attributive = context.describes(tokens, index, next);
        if (Context.hyphened(tokens, next) && tables.english()) {
            attributive = true;
        }
        return new Match(new Item.Money(quantity, currency, scale.word, attributive), next);
    }

    private record Scale(String word, int next) {}

    private Scale scale(Tokens tokens, int index, Set<String> known) {
        boolean glued = tokens.word(index);
        int at = tokens.skipSpace(index);
        if (!glued && tokens.is(index, '-') && tokens.word(index + 1)) {
            at = index + 1;
        }
        String written = tokens.text(at);
        String word = known.contains(written) ? tables.scales().get(written) : null;
        if (word == null
                || !glued && written.length() < 3
                || tokens.number(at + 1)
                || tokens.in(at + 1, "'’") && tokens.word(at + 2)) {
            return new Scale("", index);
        }
        boolean dotted = tokens.is(at + 1, '.') && !word.equals(written);
        return new Scale(word, dotted ? context.overDot(tokens, at + 1) : at + 1);
    }

    private Match suffixed(Tokens tokens, int index, Quantity quantity, int next) {
        Match ordinal = ordinal(tokens, quantity, next);
        if (ordinal != null) {
            return ordinal;
        }
        if (times(tokens, next)) {
            return new Match(new Item.Multiple(quantity), next + 1);
        }
        Match unit = units ? unit(tokens, index, quantity, next) : null;
        if (unit != null) {
            return unit;
        }
        if (tokens.is(next, '%')) {
            return new Match(new Item.Measure(quantity, "%", false), next + 1);
        }
        Scale scale = scale(tokens, next, tables.scales().keySet());
        Currencies.Sign currency =
                Currencies.at(tokens, tokens.skipSpace(scale.next), tables.currencies());
        // "20 $5 bills" is no twenty dollars
        boolean behind =
                currency.found()
                        && tables.currencies().containsKey(currency.currency())
                        && !tokens.number(currency.next())
                        && !(tokens.space(currency.next())
                                && tokens.number(currency.next() + 1)
                                && tokens.space(scale.next));
        if (behind) {
            return money(
                    tokens,
                    index,
                    quantity,
                    currency.currency(),
                    new Scale(scale.word, currency.next()));
        }
        Scale plain = scale(tokens, next, tables.plainScales());
        if (!plain.word.isEmpty()
                && !(tokens.is(next, "K") && screen(tokens, index, quantity, next))
                // 221B Baker Street
                && !(tokens.is(next, "B")
                        && (tokens.capitalised(next + 2)
                                || ROOMS.contains(Context.wordBefore(tokens, index))))) {
            return new Match(new Item.Scaled(quantity, plain.word), plain.next);
        }
        boolean perhapsYear = quantity.bareFour() && !quantity.negative() && !tokens.word(next);
        return new Match(new Item.Number(quantity, perhapsYear), next);
    }

    private static boolean screen(Tokens tokens, int index, Quantity quantity, int k) {
        if (!"2 4 5 8 10".contains(quantity.whole())) {
            return false;
        }
        int noun = tokens.in(k + 1, "-") ? k + 2 : tokens.skipSpace(k + 1);
        String after = Context.lower(tokens, noun);
        return after != null && K_NOUNS.contains(after)
                || after == null && Context.wordBefore(tokens, index).equals("in");
    }

    private @Nullable Match ordinal(Tokens tokens, Quantity quantity, int next) {
        if (!quantity.isWhole() || quantity.negative()) {
            return null;
        }
        String ending = tokens.text(next);
        boolean sign = ending.equals("º") || ending.equals("ª") || ending.equals("°");
        Map<String, String> endings = tables.abbreviations().getOrDefault("ordinal", Map.of());
        String gender = endings.get(ending.toLowerCase(Locale.ROOT));
        if (gender == null || tokens.number(next + 1) || !sign && tokens.word(next + 1)) {
            return null;
        }
        return new Match(new Item.Ordinal(quantity, gender.equals("f")), next + 1);
    }

    private static boolean times(Tokens tokens, int next) {
        return (tokens.is(next, "x") || tokens.is(next, "X") || tokens.is(next, '×'))
                && !tokens.number(next + 1)
                && !tokens.word(next + 1)
                && !(tokens.space(next + 1) && tokens.number(next + 2));
    }

    /** The unit behind a number: the longest that the table has, at the end of a token. */
    private @Nullable Match unit(Tokens tokens, int index, Quantity quantity, int next) {
        boolean hyphen = Context.hyphened(tokens, next) && tables.english();
        int at = hyphen ? next + 1 : tokens.skipSpace(next);
        String text = tokens.all();
        int from = tokens.start(at);
        for (int length = Math.min(LONGEST_UNIT, text.length() - from); length > 0; length--) {
            String sign = text.substring(from, from + length);
            boolean glued = at == next && tables.gluedUnits().containsKey(sign);
            if (!glued && !tables.units().containsKey(sign)) {
                continue;
            }
            int end = tokens.indexAt(from + length);
            if (tokens.start(end) != from + length
                    || goesOn(tokens, end, sign)
                    || at > next && hazardous(tokens, sign, end)) {
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
            boolean attributive = hyphen || context.describes(tokens, index, end);
            return new Match(new Item.Measure(quantity, sign, attributive), end);
        }
        return null;
    }

    private static boolean goesOn(Tokens tokens, int end, String sign) {
        boolean letters = Character.isLetterOrDigit(sign.charAt(sign.length() - 1));
        return letters
                && (tokens.word(end)
                        || tokens.number(end)
                        || tokens.in(end, "²³^")
                        || tokens.in(end, "'’") && tokens.word(end + 1)
                        || tokens.in(end, "/")
                                && tokens.word(end + 1)
                                && tokens.length(end + 1) < 3);
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
