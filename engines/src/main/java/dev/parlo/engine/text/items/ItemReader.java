package dev.parlo.engine.text.items;

import dev.parlo.engine.text.language.LanguageTables;
import java.util.ArrayList;
import java.util.List;

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
        all.add(new ListMarks());
        all.add(new Dates(tables));
        if (wanted.phones()) {
            all.add(new Phones());
        }
        all.add(new Versions(tables.group().equals(".")));
        all.add(new Slashes());
        if (wanted.units()) {
            all.add(new FractionUnits(tables));
        }
        all.add(new Ranges(tables, numbers, amounts, times));
        all.add(new Abbreviations(tables, context));
        all.add(new Initials(tables, context));
        all.add(new Romans(tables));
        if (wanted.signs()) {
            all.add(new Signs(tables));
        }
        this.rules = List.copyOf(all);
    }

    /** The items of a text, in order, none in another. */
    public List<Placed> read(String text) {
        Tokens tokens = Tokens.of(text);
        List<Placed> items = new ArrayList<>();
        for (int i = 0; i < tokens.size(); ) {
            ItemRule.Match match = tokens.space(i) ? null : match(tokens, i);
            if (match == null) {
                i++;
            } else {
                items.add(new Placed(match.item(), tokens.start(i), tokens.start(match.next())));
                i = match.next();
            }
        }
        return items;
    }

    private ItemRule.@org.jspecify.annotations.Nullable Match match(Tokens tokens, int index) {
        for (ItemRule rule : rules) {
            ItemRule.Match match = rule.at(tokens, index);
            if (match != null && match.next() > index) {
                return match;
            }
        }
        return null;
    }
}
