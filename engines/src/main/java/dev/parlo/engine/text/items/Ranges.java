package dev.parlo.engine.text.items;

import dev.parlo.engine.text.language.LanguageTables;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads amounts, ranges of them, decades, years and sides: {@code 20-25°C}, {@code 3x4}. */
final class Ranges implements ItemRule {
    private final Amounts amounts;
    private final Times times;
    private final NumberReader numbers;
    private final Years years;

    Ranges(LanguageTables tables, NumberReader numbers, Amounts amounts, Times times) {
        this.amounts = amounts;
        this.times = times;
        this.numbers = numbers;
        this.years = new Years(tables);
    }

    @Override
    public @Nullable Match at(Tokens tokens, int index) {
        Match decade = years.decade(tokens, index);
        if (decade != null) {
            return decade;
        }
        if (tokens.number(index) && tokens.word(index - 1) && Context.glued(tokens, index)) {
            // MP3, B2B: the digits of a name; nothing that follows is their unit
            NumberReader.Read read = numbers.read(tokens, index);
            return read == null
                    ? null
                    : new Match(new Item.Number(read.quantity(), false), read.next());
        }
        if (tokens.number(index) && tokens.is(index + 1, "p") && tokens.length(index) <= 4) {
            // lines of a picture: 1080p
            return new Match(new Item.By(List.of(Quantity.of(tokens.text(index)))), index + 1);
        }
        Match left = amount(tokens, index);
        if (left == null) {
            return null;
        }
        Match other = left.item() instanceof Item.Time ? null : times.other(tokens, index);
        if (other != null) {
            return other;
        }
        Match height = height(tokens, index);
        if (height != null) {
            return height;
        }
        Match sides = sides(tokens, index);
        if (sides != null) {
            return sides;
        }
        int dash = dash(tokens, left.next());
        if (dash > 0) {
            Match right = amount(tokens, tokens.skipSpace(dash + 1));
            if (right != null
                    && !chained(tokens, right.next())
                    && fits(left.item(), right.item())) {
                boolean minus =
                        equation(tokens, index, right.next())
                                || tokens.is(dash, '−')
                                || tokens.space(dash - 1) && falls(left.item(), right.item());
                if (!minus) {
                    return new Match(new Item.Range(left.item(), right.item()), right.next());
                }
            }
        }
        return years.known(tokens, index, left);
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

    /** Feet and inches: {@code 5'10"}. */
    private static @Nullable Match height(Tokens tokens, int index) {
        boolean feet =
                tokens.number(index)
                        && tokens.length(index) <= 2
                        && tokens.in(index + 1, "'′’")
                        && tokens.number(index + 2)
                        && tokens.length(index + 2) <= 2
                        && (tokens.in(index + 3, "\"″”")
                                || tokens.is(index + 3, '\'') && tokens.is(index + 4, '\''));
        if (!feet) {
            return null;
        }
        return new Match(
                new Item.Several(
                        List.of(
                                new Item.Measure(Quantity.of(tokens.text(index)), "ft", false),
                                new Item.Measure(
                                        Quantity.of(tokens.text(index + 2)), "\"", false))),
                tokens.is(index + 3, '\'') ? index + 5 : index + 4);
    }

    /** {@code 1920x1080}, {@code 3 x 4 x 5}. */
    private static @Nullable Match sides(Tokens tokens, int index) {
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
        return sides.size() < 2 || tokens.is(next, "x") || equation
                ? null
                : new Match(new Item.By(sides), next);
    }
}
