package dev.parlo.engine.text.items;

import dev.parlo.engine.text.language.LanguageTables;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the items of a text in a language, from left to right; at each place the first rule that
 * has one decides. Immutable, thread-safe; linear in the length of the text.
 */
public final class ItemReader {
    private final List<ItemRule> rules;

    /**
     * Which kinds of items are looked for.
     *
     * @param units numbers with units of measurement
     * @param urls web addresses
     * @param mails addresses of mail
     * @param phones numbers that are said digit by digit
     * @param signs signs that stand alone
     */
    public record Wanted(
            boolean units, boolean urls, boolean mails, boolean phones, boolean signs) {}

    /** An item and where it stands in the text. */
    public record Placed(Item item, int start, int end) {}

    public ItemReader(LanguageTables tables, Wanted wanted) {
        Context context = new Context(tables);
        Times times = new Times(tables, context);
        NumberReader numbers = new NumberReader(tables);
        Amounts amounts = new Amounts(tables, numbers, context, wanted.units());
        List<ItemRule> all = new ArrayList<>();
        all.add(new Addresses(tables, wanted.urls(), wanted.mails()));
        all.add(new ListMarks(tables));
        all.add(new Dates(tables));
        if (wanted.phones()) {
            all.add(new Phones());
        }
        all.add(new Versions(tables.group().equals("."), tables.decimal() == ','));
        all.add(new Slashes());
        if (wanted.units()) {
            all.add(new FractionUnits(tables));
        }
        all.add(new Ranges(tables, context, numbers, amounts, times));
        all.add(new Abbreviations(tables, context));
        all.add(new Initials(tables, context));
        all.add(new Romans(tables));
        if (wanted.signs()) {
            all.add(new Signs(tables));
        }
        this.rules = List.copyOf(all);
    }

    /** Begins to read a text. */
    public Items items(String text) {
        return new Items(Tokens.of(text));
    }

    /**
     * The items of one text, in order, none in another; each is looked for when it is asked for.
     */
    public final class Items {
        private final Tokens tokens;
        private int at;

        private Items(Tokens tokens) {
            this.tokens = tokens;
        }

        /** The next item that begins before a place in the text, or null. */
        public @Nullable Placed next(int before) {
            while (at < tokens.size() && tokens.start(at) < before) {
                int index = at;
                ItemRule.Match match = tokens.space(index) ? null : match(tokens, index);
                if (match == null) {
                    at++;
                } else {
                    at = match.next();
                    return new Placed(match.item(), tokens.start(index), tokens.start(at));
                }
            }
            return null;
        }
    }

    private ItemRule.@Nullable Match match(Tokens tokens, int index) {
        for (ItemRule rule : rules) {
            ItemRule.Match match = rule.at(tokens, index);
            if (match != null && match.next() > index) {
                return match;
            }
        }
        return null;
    }
}
