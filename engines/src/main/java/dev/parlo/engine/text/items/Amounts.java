package dev.parlo.engine.text.items;

import dev.parlo.engine.text.items.ItemRule.Match;
import dev.parlo.engine.text.items.Scales.Scale;
import dev.parlo.engine.text.language.LanguageTables;
import org.jspecify.annotations.Nullable;

/** Reads numbers with what belongs to them: a currency, a unit, a size, the end of an ordinal. */
final class Amounts {
    private final LanguageTables tables;
    private final NumberReader numbers;
    private final Context context;
    private final Units units;
    private final Scales scales;
    private final Ordinals ordinals;
    private final boolean wanted;

    Amounts(LanguageTables tables, NumberReader numbers, Context context, boolean wanted) {
        this.tables = tables;
        this.numbers = numbers;
        this.context = context;
        this.units = new Units(tables, context);
        this.scales = new Scales(tables, context);
        this.ordinals = new Ordinals(tables);
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
        Scale scale = scales.behindCurrency(tokens, number.next());
        return money(tokens, index, quantity, currency.currency(), scale);
    }

    private Match money(Tokens tokens, int index, Quantity quantity, String currency, Scale scale) {
        int next = scale.next();
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
                    new Scale(scale.word(), code)); // $500 MXN
        }
        boolean attributive = context.describes(tokens, index, next);
        if (Context.hyphened(tokens, next) && tables.english()) {
            attributive = true;
        }
        return new Match(new Item.Money(quantity, currency, scale.word(), attributive), next);
    }

    private Match suffixed(Tokens tokens, int index, Quantity quantity, int next) {
        Match ordinal = ordinals.read(tokens, quantity, next);
        if (ordinal != null) {
            return ordinal;
        }
        Match many = scales.many(tokens, quantity, next);
        if (many != null) {
            return many;
        }
        Match scientific = Scales.scientific(tokens, quantity, next);
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
        Scale scale = scales.behindNumber(tokens, next);
        int sign = tokens.skipSpace(scale.next());
        String of = tables.word("of-many").strip();
        // "3 millones de €"
        if (!scale.word().isEmpty() && !of.isEmpty() && tokens.is(sign, of)) {
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
                                && tokens.space(scale.next()));
        if (behind) {
            return money(
                    tokens,
                    index,
                    quantity,
                    currency.currency(),
                    new Scale(scale.word(), currency.next()));
        }
        Match scaled = scales.scaled(tokens, index, quantity, next);
        if (scaled != null) {
            return scaled;
        }
        boolean perhapsYear = quantity.bareFour() && !quantity.negative() && !tokens.word(next);
        return new Match(new Item.Number(quantity, perhapsYear), next);
    }

    /** The unit behind a number, or null. */
    @Nullable Match unit(Tokens tokens, int index, Quantity quantity, int next) {
        return wanted ? units.behind(tokens, index, quantity, next) : null;
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
