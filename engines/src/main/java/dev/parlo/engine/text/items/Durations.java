package dev.parlo.engine.text.items;

import dev.parlo.engine.text.items.ItemRule.Match;
import dev.parlo.engine.text.language.LanguageTables;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads lengths of time in several units: {@code 3h 20m}, {@code 1:43.25}. */
final class Durations {
    private final LanguageTables tables;

    Durations(LanguageTables tables) {
        this.tables = tables;
    }

    /** The length of time that begins at a token, or null. */
    @Nullable Match read(Tokens tokens, int index) {
        if (!tokens.number(index) || Context.glued(tokens, index)) {
            return null;
        }
        Match lap = lap(tokens, index);
        return lap != null ? lap : several(tokens, index);
    }

    /** {@code 1:43.25}: minutes and parts of seconds, as sport counts them. */
    private @Nullable Match lap(Tokens tokens, int index) {
        int minute = Times.value(tokens, index, 2, 59);
        boolean lap =
                minute >= 0
                        && tokens.is(index + 1, ':')
                        && tokens.length(index + 2) == 2
                        && Times.value(tokens, index + 2, 2, 59) >= 0
                        && tokens.in(index + 3, ".,")
                        && (tokens.is(index + 3, tables.decimal()) || tokens.is(index + 3, '.'))
                        && tokens.number(index + 4)
                        && tokens.length(index + 4) <= 3
                        && !tokens.word(index + 5)
                        && !(tokens.in(index + 5, ".:") && tokens.number(index + 6));
        if (!lap) {
            return null;
        }
        Quantity seconds =
                new Quantity(
                        false,
                        Integer.toString(Times.value(tokens, index + 2, 2, 59)),
                        Quantity.ascii(tokens.text(index + 4)),
                        false);
        Item.Measure last = new Item.Measure(seconds, "sec", false);
        return new Match(
                new Item.Several(
                        minute == 0
                                ? List.of(last)
                                : List.of(
                                        new Item.Measure(
                                                Quantity.of(Integer.toString(minute)),
                                                "min",
                                                false),
                                        last)),
                index + 5);
    }

    /** {@code 3h 20m}, {@code 2 hrs 5 min}: units from large to small. */
    private static @Nullable Match several(Tokens tokens, int index) {
        List<Item.Measure> parts = new ArrayList<>();
        int at = index;
        int next = index;
        int rank = 0;
        while (tokens.number(at) && tokens.length(at) <= 6 && parts.size() < 4) {
            int unit = tokens.skipSpace(at + 1);
            // 5 min 30 s: behind another unit a letter may stand behind a space
            int of = rank(tokens.text(unit), unit == at + 1 || !parts.isEmpty());
            if (of <= rank || tokens.number(unit + 1) && of == 4) {
                break;
            }
            rank = of;
            String name = List.of("d", "h", "min", "sec").get(of - 1);
            parts.add(new Item.Measure(Quantity.of(tokens.text(at)), name, false));
            next = unit + 1;
            at = tokens.skipSpace(next);
        }
        return parts.size() < 2 || tokens.word(next)
                ? null
                : new Match(new Item.Several(parts), next);
    }

    private static int rank(String unit, boolean glued) {
        return switch (unit) {
            case "d" -> glued ? 1 : 0;
            case "h", "hr", "hrs" -> 2;
            case "m" -> glued ? 3 : 0;
            case "min", "mins" -> 3;
            case "s" -> glued ? 4 : 0;
            case "sec", "secs" -> 4;
            default -> 0;
        };
    }
}
