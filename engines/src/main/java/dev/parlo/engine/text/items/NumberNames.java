package dev.parlo.engine.text.items;

import dev.parlo.engine.text.items.ItemRule.Match;
import dev.parlo.engine.text.language.LanguageTables;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells numbers that name a thing from those that count: flights, rooms, houses, aircraft, the
 * answers of servers are said in two halves in English, as years are.
 */
final class NumberNames {
    /** What has a number of three digits said in halves: "a seven forty-seven". */
    private static final Set<String> THREE = Set.of("boeing", "airbus", "http", "error", "status");

    private static final Set<String> FOUR =
            Set.of(
                    "flight",
                    "room",
                    "suite",
                    "box",
                    "rfc",
                    "bus",
                    "train",
                    "error",
                    "apartment",
                    "unit",
                    "extension",
                    "locker",
                    "rtx",
                    "gtx",
                    "ryzen",
                    "radeon",
                    "geforce");

    private final LanguageTables tables;
    private final Context context;

    NumberNames(LanguageTables tables, Context context) {
        this.tables = tables;
        this.context = context;
    }

    /** The digits of a name such as {@code MP3}, {@code MP3s} and {@code A380}. */
    Match glued(Tokens tokens, int index, NumberReader.Read read) {
        if (tables.english() && tokens.is(read.next(), "s") && read.quantity().isWhole()) {
            return new Match(new Item.Plural(read.quantity()), read.next() + 1);
        }
        boolean airbus =
                tables.english()
                        && tokens.is(index - 1, "A")
                        && tokens.length(index) == 3
                        && tokens.text(index).startsWith("3");
        return airbus
                ? new Match(new Item.Year(Quantity.of(tokens.text(index))), index + 1)
                : new Match(new Item.Number(read.quantity(), false), read.next());
    }

    /** The number of a name that begins at a token, or null. */
    @Nullable Match at(Tokens tokens, int index) {
        int digits = tokens.length(index);
        if (!tables.english()
                || !tokens.number(index)
                || digits < 2
                || digits > 4
                || tokens.in(index + 1, ".,:/%°") && !tokens.space(index + 2)
                || tokens.text(index).startsWith("0")) {
            return null;
        }
        // F-16s
        boolean hyphen = tokens.is(index - 1, '-') && tokens.capitalised(index - 2);
        if (hyphen && tokens.length(index - 2) <= 3 && tokens.is(index + 1, "s")) {
            return new Match(new Item.Plural(Quantity.of(tokens.text(index))), index + 2);
        }
        // the 747s
        String written = tokens.text(index);
        boolean aircraft = digits == 3 && written.startsWith("7") && written.endsWith("7");
        if (aircraft && tokens.is(index + 1, "s") && !Context.glued(tokens, index)) {
            return new Match(new Item.Plural(Quantity.of(written)), index + 2);
        }
        if (Context.glued(tokens, index) || tokens.word(index + 1)) {
            return null;
        }
        String before = Context.wordBefore(tokens, index);
        boolean answer = digits == 3 && tokens.space(index + 1) && tokens.is(index + 2, "error");
        // Flight UA 1234
        boolean carrier =
                tokens.capitals(index - 2)
                        && tokens.length(index - 2) <= 3
                        && FOUR.contains(Context.wordBefore(tokens, index - 2));
        boolean named =
                digits == 3 && (THREE.contains(before) || answer)
                        || digits == 4
                                && (carrier
                                        || FOUR.contains(before)
                                        || context.streetBehind(tokens, index + 1));
        return named && !tokens.text(index).endsWith("000")
                ? new Match(new Item.Year(Quantity.of(tokens.text(index))), index + 1)
                : null;
    }
}
