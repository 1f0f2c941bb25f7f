package dev.parlo.engine.text.verbalize;

import dev.parlo.engine.text.items.Item;
import dev.parlo.engine.text.items.Quantity;
import dev.parlo.engine.text.language.Genders;
import dev.parlo.engine.text.language.LanguageTables;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Says fractions and mixed numbers in a language by its table. */
final class FractionWords {
    private final LanguageTables tables;
    private final IcuNumbers numbers;
    private final boolean german;

    FractionWords(LanguageTables tables, IcuNumbers numbers) {
        this.tables = tables;
        this.numbers = numbers;
        this.german = tables.locale().getLanguage().equals("de");
    }

    String words(Item.Fraction fraction) {
        Quantity top = Quantity.of(Integer.toString(fraction.numerator()));
        Quantity bottom = Quantity.of(Integer.toString(fraction.denominator()));
        List<String> names = tables.fractions().get(bottom.whole());
        String part =
                names == null
                        ? numbers.number(top)
                                + " "
                                + tables.word("over")
                                + " "
                                + numbers.number(bottom)
                        : numbers.counting(top, false)
                                + " "
                                + (top.isOne() ? names.getFirst() : names.get(1));
        Quantity whole = fraction.whole();
        boolean half = names != null && bottom.whole().equals("2");
        Genders.Gender gender = half ? gender(fraction.noun()) : null;
        if (whole == null) {
            String of = gender == null || !top.isOne() ? "" : tables.word("half-" + letter(gender));
            return of.isEmpty() ? part : of;
        }
        if (german && half) {
            return numbers.counting(whole, false) + "einhalb";
        }
        String mixed = gender == null ? "" : tables.word("mixed-half-" + letter(gender));
        if (!mixed.isEmpty()) {
            return numbers.counting(whole, gender == Genders.Gender.FEMININE) + " " + mixed;
        }
        return tables.word("mixed")
                .replace("{n}", numbers.number(whole))
                .replace("{f}", half && names != null ? names.getFirst() : part);
    }

    /** The gender of what a half is of: a unit's, by its name in the table, or a noun's. */
    private Genders.@Nullable Gender gender(String noun) {
        List<String> unit = tables.units().get(noun);
        if (unit == null) {
            return noun.length() > 2 ? tables.genders().of(noun.toLowerCase(Locale.ROOT)) : null;
        }
        String name = unit.getFirst().toLowerCase(Locale.ROOT);
        if (name.startsWith("~")) {
            return Genders.Gender.FEMININE;
        }
        Genders.Gender known = tables.genders().of(name);
        return known == null ? Genders.Gender.MASCULINE : known;
    }

    private static String letter(Genders.Gender gender) {
        return gender.name().substring(0, 1).toLowerCase(Locale.ROOT);
    }
}
