package dev.parlo.engine.text.items;

import dev.parlo.engine.text.language.LanguageTables;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads the numbers of a list: {@code 1. wash 2. rinse}, {@code 2) rinse} at a line's beginning.
 */
final class ListMarks implements ItemRule {
    /** How far back the number before is looked for, in tokens. */
    private static final int REACH = 80;

    private final LanguageTables tables;

    ListMarks(LanguageTables tables) {
        this.tables = tables;
    }

    @Override
    public @Nullable Match at(Tokens tokens, int index) {
        if (!mark(tokens, index) || isDay(tokens, index)) {
            return null;
        }
        Quantity number = Quantity.of(tokens.text(index));
        boolean first = tokens.kind(tokens.backOverSpace(index - 1)) == Tokens.Kind.EDGE;
        if (first) {
            return new Match(new Item.ListMark(number, false), index + 2);
        }
        int before = tokens.backOverSpace(index - 1);
        if (!tokens.space(index - 1) || number.small() < 2 || !follows(tokens, index, number)) {
            return null;
        }
        boolean ends = !tokens.in(before, ".!?:;,");
        return new Match(new Item.ListMark(number, ends), index + 2);
    }

    /** {@code 3. Mai}, {@code 2. Weltkrieg}, where the stop behind a number makes it an ordinal. */
    private boolean isDay(Tokens tokens, int index) {
        return tables.word("ordinal-dot").equals(".")
                && tokens.is(index + 1, '.')
                && (tables.month(tokens.text(index + 3)) > 0
                        || tables.ordered()
                                .contains(tokens.text(index + 3).toLowerCase(Locale.ROOT)));
    }

    private static boolean mark(Tokens tokens, int index) {
        return tokens.number(index)
                && tokens.length(index) <= 2
                && tokens.in(index + 1, ".)")
                && tokens.space(index + 2)
                && tokens.word(index + 3)
                && !tokens.in(index - 1, "(");
    }

    private static boolean follows(Tokens tokens, int index, Quantity number) {
        String wanted = Integer.toString(number.small() - 1);
        for (int i = index - 2; i >= 0 && i > index - REACH; i--) {
            if (tokens.is(i, wanted) && mark(tokens, i)) {
                return true;
            }
        }
        return false;
    }
}
