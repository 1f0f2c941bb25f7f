package dev.parlo.engine.text.items;

import dev.parlo.engine.text.items.ItemRule.Match;
import dev.parlo.engine.text.language.LanguageTables;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads numbers with what belongs to them: a currency, a unit, a size, the end of an ordinal. */
final class Amounts {
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
                                    + " shares cars units tons tonnes listeners readers players fans"
                                    + " members employees students patients families votes hectares"
                                    + " acres years cases deaths adults men women")
                            .split(" "));

    private final LanguageTables tables;
    private final NumberReader numbers;
    private final Context context;
    private final Units units;
    private final boolean wanted;

    Amounts(LanguageTables tables, NumberReader numbers, Context context, boolean wanted) {
        this.tables = tables;
        this.numbers = numbers;
        this.context = context;
        this.units = new Units(tables, context);
        this.wanted = wanted;
    }

    /** The amount that begins at a token, with its sign. */
    @Nullable Match read(Tokens tokens, int index) {
        int at = index;
        boolean negative = tokens.in(at, "-−");
        if (negative) {
            if (before(tokens, at) || tokens.space(at + 1)) {
                return null;
            }
            at++;
        }
        Currencies.Sign currency = Currencies.at(tokens, at, tables.currencies());
        // EUR/USD 1.0850 is a rate
        if (currency.found() && !(tokens.word(at) && tokens.is(at - 1, '/'))) {
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
        // 20,- €
        if (!tables.english()
                && tokens.is(number.next(), tables.decimal())
                && tokens.in(number.next() + 1, "-–—")
                && !tokens.number(number.next() + 2)
                && !tokens.word(number.next() + 2)) {
            number = new NumberReader.Read(number.quantity(), number.next() + 2);
        }
        // 1,5 kg, by a writer of another language
        NumberReader.Read loose = wanted ? withComma(tokens, number, 1) : null;
        if (loose != null && units.behind(tokens, index, loose.quantity(), loose.next()) != null) {
            number = loose;
        }
        Quantity quantity = negative ? number.quantity().negated() : number.quantity();
        return suffixed(tokens, index, quantity, number.next());
    }

    private NumberReader.@Nullable Read withComma(Tokens tokens, NumberReader.Read number) {
        return withComma(tokens, number, 2);
    }

    /** Money with a comma before its cents, in a language that writes a point: {@code €2,50}. */
    private NumberReader.@Nullable Read withComma(
            Tokens tokens, NumberReader.Read number, int digits) {
        int comma = number.next();
        boolean cents =
                number.quantity().isWhole()
                        && !number.quantity().grouped()
                        && tokens.is(comma, tables.decimal() == '.' ? ',' : '.')
                        && tokens.number(comma + 1)
                        && tokens.length(comma + 1) == digits
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
        Scale scale = scale(tokens, number.next(), tables.scales().keySet(), 2);
        return money(tokens, index, quantity, currency.currency(), scale);
    }

    private Match money(Tokens tokens, int index, Quantity quantity, String currency, Scale scale) {
        int next = scale.next;
        // US$20 may say USD once more behind itself
        int code = tokens.skipSpace(next);
        if (tokens.is(code, currency)) {
            next = code + 1;
        } else if (currency.equals("USD")
                && tokens.word(code)
                && tokens.length(code) == 3
                && tables.currencies().containsKey(tokens.text(code))) {
            return money(
                    tokens,
                    index,
                    quantity,
                    tokens.text(code),
                    new Scale(scale.word, code)); // $500 MXN
        }
        boolean attributive = context.describes(tokens, index, next);
        if (Context.hyphened(tokens, next) && tables.english()) {
            attributive = true;
        }
        return new Match(new Item.Money(quantity, currency, scale.word, attributive), next);
    }

    private record Scale(String word, int next) {}

    private Scale scale(Tokens tokens, int index, Set<String> known) {
        return scale(tokens, index, known, 3);
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

    private Match suffixed(Tokens tokens, int index, Quantity quantity, int next) {
        Match ordinal = ordinal(tokens, quantity, next);
        if (ordinal != null) {
            return ordinal;
        }
        Match many = many(tokens, quantity, next);
        if (many != null) {
            return many;
        }
        Match scientific = scientific(tokens, quantity, next);
        if (scientific != null) {
            return scientific;
        }
        if (tables.english() && tokens.is(next, "p") && quantity.isWhole()) {
            // pence; the lines of a picture are more
            return quantity.whole().length() <= 2
                    ? new Match(
                            new Item.Money(
                                    new Quantity(
                                            quantity.negative(),
                                            "0",
                                            quantity.whole().length() == 1
                                                    ? "0" + quantity.whole()
                                                    : quantity.whole(),
                                            false),
                                    "GBP",
                                    "",
                                    false),
                            next + 1)
                    : new Match(new Item.Number(quantity, false), next);
        }
        if (times(tokens, next)) {
            return new Match(new Item.Multiple(quantity), next + 1);
        }
        Match unit = wanted ? units.behind(tokens, index, quantity, next) : null;
        if (unit != null) {
            return unit;
        }
        if (tokens.is(next, '%')) {
            return new Match(new Item.Measure(quantity, "%", false), next + 1);
        }
        Scale scale = scale(tokens, next, tables.scales().keySet());
        int sign = tokens.skipSpace(scale.next);
        String of = tables.word("of-many").strip();
        // "3 millones de €"
        if (!scale.word.isEmpty() && !of.isEmpty() && tokens.is(sign, of)) {
            sign = tokens.skipSpace(sign + 1);
        }
        Currencies.Sign currency = Currencies.at(tokens, sign, tables.currencies());
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

    /** The unit behind a number, or null. */
    @Nullable Match unit(Tokens tokens, int index, Quantity quantity, int next) {
        return wanted ? units.behind(tokens, index, quantity, next) : null;
    }

    /** {@code 6.02e23}, {@code 1e-5}. */
    private static @Nullable Match scientific(Tokens tokens, Quantity quantity, int next) {
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

    /** {@code 100s of people}, {@code 5m people}, {@code 49ers}. */
    private @Nullable Match many(Tokens tokens, Quantity quantity, int next) {
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

    private @Nullable Match ordinal(Tokens tokens, Quantity quantity, int next) {
        if (!quantity.isWhole() || quantity.negative()) {
            return null;
        }
        Map<String, String> endings = tables.abbreviations().getOrDefault("ordinal", Map.of());
        // the Spanish write 3.ª and 1.er
        boolean dotted =
                tokens.is(next, '.')
                        && endings.containsKey("º")
                        && endings.containsKey(tokens.text(next + 1));
        int behind = dotted ? next + 1 : next;
        String ending = tokens.text(behind);
        boolean sign = ending.equals("º") || ending.equals("ª") || ending.equals("°");
        String gender = endings.get(ending.toLowerCase(Locale.ROOT));
        if (gender == null || tokens.number(behind + 1) || !sign && tokens.word(behind + 1)) {
            return null;
        }
        // la 2nde Guerre mondiale
        String second = tables.word("second-" + ending);
        if (!second.isEmpty() && quantity.whole().equals("2")) {
            return new Match(new Item.Words(second), behind + 1);
        }
        return new Match(
                new Item.Ordinal(
                        quantity,
                        gender.equals("f")
                                ? Item.Inflection.FEMININE
                                : beforeNoun(tokens, behind + 1)
                                        ? Item.Inflection.MASCULINE
                                        : Item.Inflection.NOMINATIVE),
                behind + 1);
    }

    /** Spanish says "primer piso", but "primero de mayo". */
    private static boolean beforeNoun(Tokens tokens, int next) {
        return tokens.space(next) && tokens.word(next + 1) && tokens.length(next + 1) > 2;
    }

    private static boolean times(Tokens tokens, int next) {
        // in 2x + 3y = 7 the letter is one
        boolean algebra =
                tokens.in(tokens.skipSpace(next + 1), "+=−^")
                        || tokens.in(tokens.backOverSpace(next - 2), "=+−^");
        return !algebra
                && (tokens.is(next, "x") || tokens.is(next, "X") || tokens.is(next, '×'))
                && !tokens.number(next + 1)
                && !tokens.word(next + 1)
                && !(tokens.space(next + 1) && tokens.number(next + 2));
    }
}
