package dev.parlo.engine.text.items;

import dev.parlo.engine.text.language.LanguageTables;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the units behind fractions, which numbers do not take in: {@code ½ km}, {@code 2 1/2 lb}.
 */
final class FractionUnits implements ItemRule {
    private final LanguageTables tables;

    FractionUnits(LanguageTables tables) {
        this.tables = tables;
    }

    @Override
    public @Nullable Match at(Tokens tokens, int index) {
        int end = tokens.backOverSpace(index - 1);
        boolean single = Slashes.vulgar(tokens, end) != null;
        boolean slashed = tokens.number(end) && tokens.in(end - 1, "/⁄") && tokens.number(end - 2);
        if (!single && !slashed) {
            return null;
        }
        boolean inches = end == index - 1 && tokens.in(index, "\"″") && tables.english();
        String unit = inches ? "\"" : Units.at(tables, tokens, index);
        List<String> names = inches ? tables.gluedUnits().get(unit) : tables.units().get(unit);
        if (names == null || unit.isEmpty()) {
            return null;
        }
        int before = single ? end - 1 : end - 3;
        // 120/80 mmHg is no part of one
        boolean improper =
                slashed
                        && tokens.length(end) <= 9
                        && tokens.length(end - 2) <= 9
                        && Quantity.of(tokens.text(end - 2)).small()
                                >= Quantity.of(tokens.text(end)).small();
        boolean many =
                improper
                        || tokens.number(before)
                        || tokens.in(before, "-") && tokens.number(before - 1)
                        || tokens.space(before) && tokens.number(before - 1);
        int next = tokens.indexAt(tokens.start(index) + unit.length());
        // 1/2 tsp. salt
        boolean stop =
                tokens.is(next, '.')
                        && (tokens.in(next + 1, ",;:)")
                                || tokens.space(next + 1)
                                        && tokens.word(next + 2)
                                        && !tokens.capitalised(next + 2));
        String name = many ? names.get(1) : names.getFirst();
        return new Match(new Item.Words(name.replace("~", "")), stop ? next + 1 : next);
    }
}
