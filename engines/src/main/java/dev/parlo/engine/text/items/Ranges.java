package dev.parlo.engine.text.items;

import dev.parlo.engine.text.language.LanguageTables;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads amounts, ranges of them, decades, years and sides: {@code 20-25°C}, {@code 3x4}. */
final class Ranges implements ItemRule {
    private static final Set<String> FISCAL = Set.of("FY", "CY", "MY");

    private final Context context;
    private final Amounts amounts;
    private final Times times;
    private final NumberReader numbers;
    private final Years years;
    private final NumberNames names;
    private final Durations durations;
    private final Ratios ratios;
    private final CompoundMeasures compounds;
    private final Agreement agreement;

    Ranges(
            LanguageTables tables,
            Context context,
            NumberReader numbers,
            Amounts amounts,
            Times times) {
        this.context = context;
        this.amounts = amounts;
        this.times = times;
        this.numbers = numbers;
        this.years = new Years(tables);
        this.names = new NumberNames(tables, context);
        this.durations = new Durations(tables);
        this.ratios = new Ratios(tables);
        this.compounds = new CompoundMeasures(tables);
        this.agreement = new Agreement(tables);
    }

    @Override
    public @Nullable Match at(Tokens tokens, int index) {
        Match decade = years.decade(tokens, index);
        if (decade != null) {
            Match last =
                    tokens.in(decade.next(), "-–") ? years.decade(tokens, decade.next() + 1) : null;
            if (last != null
                    && decade.item() instanceof Item.Decade
                    && last.item() instanceof Item.Decade) {
                return new Match(new Item.Range(decade.item(), last.item()), last.next());
            }
            return decade;
        }
        if (tokens.number(index) && tokens.word(index - 1) && Context.glued(tokens, index)) {
            // MP3, B2B: the digits of a name; nothing that follows is their unit
            NumberReader.Read read = numbers.read(tokens, index);
            if (FISCAL.contains(tokens.text(index - 1)) && tokens.length(index) == 4) {
                return new Match(new Item.Year(Quantity.of(tokens.text(index))), index + 1);
            }
            return read == null ? null : names.glued(tokens, index, read);
        }
        Match name = names.at(tokens, index);
        if (name != null) {
            return name;
        }
        if (tokens.number(index)
                && tokens.is(index + 1, "p")
                && tokens.length(index) >= 3
                && tokens.length(index) <= 4) {
            // lines of a picture: 1080p
            return new Match(
                    new Item.By(List.of(Quantity.of(tokens.text(index))), "", false), index + 1);
        }
        Match left = amount(tokens, index);
        if (left == null) {
            return null;
        }
        if (!(left.item() instanceof Item.Time)) {
            Match duration = durations.read(tokens, index);
            Match other = duration != null ? duration : ratios.read(tokens, index);
            if (other != null) {
                return other;
            }
        }
        Match compound = compounds.read(tokens, index);
        if (compound != null) {
            return compound;
        }
        Match sides = sides(tokens, index);
        if (sides != null) {
            return sides;
        }
        int dash = dash(tokens, left.next());
        // of 1-2-3 and Llama-2-7b the second number ends no range
        boolean middle =
                tokens.in(index - 1, "-–") && (tokens.number(index - 2) || tokens.word(index - 2));
        if (dash > 0 && !middle) {
            Match right = amount(tokens, tokens.skipSpace(dash + 1));
            if (right != null
                    && !chained(tokens, right.next())
                    && fits(left.item(), right.item())) {
                boolean minus =
                        equation(tokens, index, right.next())
                                || tokens.is(dash, '−')
                                || tokens.space(dash - 1) && falls(left.item(), right.item());
                if (!minus && said(left.item(), right.item())) {
                    return new Match(pair(left.item(), right.item()), right.next());
                }
                if (!minus) {
                    return new Match(
                            new Item.Range(left.item(), described(tokens, index, right)),
                            right.next());
                }
            }
        }
        return agreement.of(tokens, index, years.known(tokens, index, left));
    }

    /** {@code 50-50}, {@code 24-7}: numbers that are said one after the other. */
    private static boolean said(Item left, Item right) {
        return left instanceof Item.Number(Quantity from, boolean perhapsFrom)
                && right instanceof Item.Number(Quantity to, boolean perhapsTo)
                && (from.whole().equals("50") && to.whole().equals("50")
                        || from.whole().equals("24") && to.whole().equals("7"))
                && from.isWhole()
                && to.isWhole();
    }

    private static Item pair(Item left, Item right) {
        return new Item.Pair(((Item.Number) left).quantity(), ((Item.Number) right).quantity());
    }

    /** The end of a range that describes what follows it as a whole: "a $5-$10 fee". */
    private Item described(Tokens tokens, int index, Match right) {
        if (!context.describes(tokens, index, right.next())) {
            return right.item();
        }
        return switch (right.item()) {
            case Item.Money(Quantity amount, String currency, String scale, boolean ignored) ->
                    new Item.Money(amount, currency, scale, true);
            case Item.Measure(Quantity amount, String unit, boolean ignored) ->
                    new Item.Measure(amount, unit, true);
            default -> right.item();
        };
    }

    private @Nullable Match amount(Tokens tokens, int index) {
        Match time = tokens.number(index) ? times.read(tokens, index) : null;
        return time != null ? time : amounts.read(tokens, index);
    }

    /** The index of a dash between two amounts, with a space on both sides or on none; or 0. */
    private static int dash(Tokens tokens, int index) {
        boolean space = tokens.space(index);
        int at = tokens.skipSpace(index);
        return tokens.in(at, "-–—‒−~～") && space == tokens.space(at + 1) ? at : 0;
    }

    /** {@code 1-2-3} is no range. */
    private static boolean chained(Tokens tokens, int next) {
        return tokens.in(next, "-–") && tokens.number(next + 1);
    }

    private static boolean fits(Item left, Item right) {
        boolean number = left instanceof Item.Number || left instanceof Item.Scaled;
        return switch (right) {
            case Item.Number r ->
                    left instanceof Item.Number
                            || left instanceof Item.Money
                            || left instanceof Item.Time;
            case Item.Scaled r -> number || left instanceof Item.Money;
            case Item.Money r ->
                    number || left instanceof Item.Money l && l.currency().equals(r.currency());
            case Item.Measure r -> number || left instanceof Item.Measure;
            case Item.Multiple r -> number || left instanceof Item.Multiple;
            case Item.Ordinal r -> left instanceof Item.Ordinal || left instanceof Item.Number;
            case Item.Time r -> left instanceof Item.Time || left instanceof Item.Number;
            default -> false;
        };
    }

    private static boolean equation(Tokens tokens, int index, int next) {
        return tokens.is(tokens.skipSpace(next), '=')
                || tokens.in(tokens.backOverSpace(index - 1), "=+*×÷/");
    }

    private static boolean falls(Item left, Item right) {
        return left instanceof Item.Number(Quantity from, boolean perhapsFrom)
                && right instanceof Item.Number(Quantity to, boolean perhapsTo)
                && from.small() > to.small()
                && !(perhapsFrom && perhapsTo);
    }

    /** {@code 1920x1080}, {@code 3 x 4 x 5}. */
    private @Nullable Match sides(Tokens tokens, int index) {
        if (tokens.is(index, "0") && tokens.is(index + 1, "x")) {
            return null; // 0x30 has a base
        }
        List<Quantity> sides = new ArrayList<>();
        int at = index;
        int next = index;
        while (tokens.number(at) && sides.size() < 4) {
            sides.add(Quantity.of(tokens.text(at)));
            next = at + 1;
            int cross = tokens.skipSpace(next);
            if (!tokens.is(cross, "x") && !(tokens.is(cross, '×') && cross == next)) {
                break;
            }
            at = tokens.skipSpace(cross + 1);
            if (tokens.space(next) != tokens.space(cross + 1)) {
                break;
            }
        }
        boolean equation = tokens.is(tokens.skipSpace(next), '=');
        if (sides.size() < 2 || tokens.is(next, "x") || equation) {
            return null;
        }
        return amounts.unit(tokens, index, sides.getLast(), next)
                        instanceof
                        Match(Item.Measure(Quantity q, String unit, boolean describes), int end)
                ? new Match(new Item.By(sides, unit, describes), end)
                : new Match(new Item.By(sides, "", false), next);
    }
}
