package dev.parlo.engine.text.items;

import dev.parlo.engine.text.items.ItemRule.Match;
import dev.parlo.engine.text.language.LanguageTables;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads measures of several units, from the largest to the smallest: angles, heights of people,
 * their weights in stones.
 */
final class CompoundMeasures {
    private final LanguageTables tables;

    CompoundMeasures(LanguageTables tables) {
        this.tables = tables;
    }

    /** The measure that begins at a token, two heights with a dash between them, or null. */
    @Nullable Match read(Tokens tokens, int index) {
        Match angle = angle(tokens, index);
        if (angle != null) {
            return angle;
        }
        Match height = height(tokens, index);
        Match second =
                height != null && tokens.in(height.next(), "-–")
                        ? height(tokens, height.next() + 1)
                        : null;
        return height == null || second == null
                ? height
                : new Match(new Item.Range(height.item(), second.item()), second.next());
    }

    /** Degrees, minutes and seconds of an angle: {@code 40°26′46″}. */
    private static @Nullable Match angle(Tokens tokens, int index) {
        boolean minutes =
                tokens.number(index)
                        && tokens.is(index + 1, '°')
                        && tokens.number(index + 2)
                        && tokens.in(index + 3, "'′’");
        if (!minutes) {
            return null;
        }
        List<Item.Measure> parts = new ArrayList<>();
        parts.add(new Item.Measure(Quantity.of(tokens.text(index)), "°", false));
        parts.add(new Item.Measure(Quantity.of(tokens.text(index + 2)), "min", false));
        boolean seconds = tokens.number(index + 4) && tokens.in(index + 5, "\"″”");
        if (seconds) {
            parts.add(new Item.Measure(Quantity.of(tokens.text(index + 4)), "s", false));
        }
        return new Match(new Item.Several(parts), seconds ? index + 6 : index + 4);
    }

    /** Feet and inches: {@code 5'10"}. */
    private @Nullable Match height(Tokens tokens, int index) {
        Match stones = stones(tokens, index);
        if (stones != null) {
            return stones;
        }
        Match spelled = feetAndInches(tokens, index);
        if (spelled != null) {
            return spelled;
        }
        boolean feet =
                tokens.number(index)
                        && tokens.length(index) <= 2
                        && tokens.in(index + 1, "'′’")
                        && tokens.number(index + 2)
                        && tokens.length(index + 2) <= 2
                        && (tokens.in(index + 3, "\"″”")
                                || tokens.is(index + 3, '\'') && tokens.is(index + 4, '\'')
                                || person(tokens, index));
        if (!feet) {
            return null;
        }
        if (person(tokens, index)) {
            return heightOf(tokens, index, index + 2, index + 3);
        }
        return heightOf(
                tokens, index, index + 2, tokens.is(index + 3, '\'') ? index + 5 : index + 4);
    }

    /** {@code 15 st 4 lb}. */
    private @Nullable Match stones(Tokens tokens, int index) {
        int unit = tokens.skipSpace(index + 1);
        int number = tokens.skipSpace(unit + 1);
        int pounds = tokens.skipSpace(number + 1);
        boolean both =
                tables.english()
                        && tokens.number(index)
                        && tokens.is(unit, "st")
                        && tokens.number(number)
                        && tokens.length(number) <= 2
                        && (tokens.is(pounds, "lb") || tokens.is(pounds, "lbs"))
                        && !tokens.word(pounds + 1);
        return both
                ? new Match(
                        new Item.Several(
                                List.of(
                                        new Item.Measure(
                                                Quantity.of(tokens.text(index)), "st", false),
                                        new Item.Measure(
                                                Quantity.of(tokens.text(number)), "lb", false))),
                        pounds + 1)
                : null;
    }

    /** {@code 6'4}, as tall as people are, where the second mark is left out. */
    private static boolean person(Tokens tokens, int index) {
        return tokens.length(index) == 1
                && tokens.in(index, "4567")
                && Quantity.of(tokens.text(index + 2)).small() < 12
                && !tokens.in(index - 1, "'\"‘“")
                && (tokens.space(index + 3)
                        || tokens.kind(index + 3) == Tokens.Kind.EDGE
                        || tokens.in(index + 3, ".,;)") && !tokens.number(index + 4));
    }

    /** {@code 6 ft 2 in}, {@code 5ft 10in}. */
    private @Nullable Match feetAndInches(Tokens tokens, int index) {
        int unit = tokens.skipSpace(index + 1);
        int number = tokens.skipSpace(tokens.is(unit + 1, '.') ? unit + 2 : unit + 1);
        int inches = tokens.skipSpace(number + 1);
        boolean both =
                tables.english()
                        && tokens.number(index)
                        && tokens.is(unit, "ft")
                        && tokens.number(number)
                        && tokens.length(number) <= 2
                        && tokens.is(inches, "in")
                        && !tokens.word(inches + 1)
                        && !tokens.is(inches + 1, '.');
        return both ? heightOf(tokens, index, number, inches + 1) : null;
    }

    private static Match heightOf(Tokens tokens, int feet, int inches, int next) {
        return new Match(
                new Item.Several(
                        List.of(
                                new Item.Measure(Quantity.of(tokens.text(feet)), "ft", false),
                                new Item.Measure(Quantity.of(tokens.text(inches)), "\"", false))),
                next);
    }
}
