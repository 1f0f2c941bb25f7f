package dev.parlo.engine.text.items;

import dev.parlo.engine.text.items.ItemRule.Match;
import dev.parlo.engine.text.language.LanguageTables;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the ending of an ordinal behind its digits: {@code 3rd}, {@code 2nde}, {@code 1.er}. */
final class Ordinals {
    private final LanguageTables tables;

    Ordinals(LanguageTables tables) {
        this.tables = tables;
    }

    /** The ordinal of a number by the ending behind it, or null. */
    @Nullable Match read(Tokens tokens, Quantity quantity, int next) {
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
}
