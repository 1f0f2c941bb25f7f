package dev.parlo.engine.text.verbalize;

import dev.parlo.engine.text.items.Item;
import dev.parlo.engine.text.items.Quantity;
import dev.parlo.engine.text.language.LanguageTables;
import java.util.List;
import java.util.Map;

/** Says amounts of money, measures and scaled numbers in a language by its table. */
final class AmountWords {
    private static final Map<String, String> ONE_OF_MANY =
            Map.of(
                    "Millionen", "Million",
                    "Milliarden", "Milliarde",
                    "millions", "million",
                    "milliards", "milliard",
                    "millones", "millón",
                    "milioni", "milione",
                    "miliardi", "miliardo",
                    "milhões", "milhão",
                    "bilhões", "bilhão");

    private final LanguageTables tables;
    private final IcuNumbers numbers;
    private final boolean german;

    AmountWords(LanguageTables tables, IcuNumbers numbers) {
        this.tables = tables;
        this.numbers = numbers;
        this.german = tables.locale().getLanguage().equals("de");
    }

    String money(Item.Money money) {
        List<String> names =
                tables.currencies()
                        .getOrDefault(
                                money.currency(), List.of(money.currency(), money.currency()));
        Quantity amount = money.amount();
        if (!money.scale().isEmpty()) {
            String space = money.scale().endsWith("'") ? "" : " ";
            String scale = one(amount, money.scale());
            return numbers.counting(amount, feminine(scale)) + " " + scale + space + names.get(1);
        }
        String fraction = amount.fraction();
        boolean coins = fraction.length() == 2 && names.size() > 3;
        if (!coins) {
            return counted(amount, names);
        }
        String large = counted(new Quantity(amount.negative(), amount.whole(), "", false), names);
        int cents = Integer.parseInt(fraction);
        if (cents == 0) {
            return large;
        }
        String small = numbers.counting(Quantity.of(Integer.toString(cents)), false);
        String pattern = tables.word("money");
        boolean named = !pattern.equals("{n} {c}");
        if (named || amount.whole().equals("0")) {
            small += " " + (cents == 1 ? names.get(2) : names.get(3));
        }
        return amount.whole().equals("0")
                ? small
                : pattern.replace("{n}", large).replace("{c}", small);
    }

    String measure(Quantity amount, String unit) {
        return counted(amount, names(unit));
    }

    String scaled(Quantity amount, String scale) {
        return numbers.counting(amount, feminine(scale)) + " " + one(amount, bare(scale));
    }

    /** The name of several of a unit. */
    String plural(String unit) {
        return names(unit).getLast();
    }

    /** Whole millions take an "of" before what they count, where the language has it. */
    String of(Quantity amount) {
        return amount.isWhole() && amount.whole().endsWith("000000") ? tables.word("of-many") : "";
    }

    /** A number with what it counts; {@code ~} before the singular tells that it is feminine. */
    private String counted(Quantity amount, List<String> names) {
        String single = names.getFirst();
        boolean feminine = single.startsWith("~");
        boolean one = amount.isOne();
        String name = one ? feminine ? single.substring(1) : single : names.get(1);
        String of = of(amount);
        return numbers.counting(amount, feminine) + of + (of.endsWith("'") ? "" : " ") + name;
    }

    private List<String> names(String unit) {
        List<String> names = tables.units().get(unit);
        return names != null ? names : tables.gluedUnits().getOrDefault(unit, List.of(unit, unit));
    }

    /** German millions are feminine. */
    private boolean feminine(String scale) {
        return german && scale.startsWith("M");
    }

    /** {@code 1 Mio.}: what a shortened scale is called of one. */
    private static String one(Quantity amount, String scale) {
        if (!amount.isOne()) {
            return scale;
        }
        for (Map.Entry<String, String> many : ONE_OF_MANY.entrySet()) {
            if (scale.startsWith(many.getKey())) {
                return many.getValue() + scale.substring(many.getKey().length());
            }
        }
        return scale;
    }

    /** A scale without the "of" that stands before money only. */
    private String bare(String scale) {
        String of = tables.word("of-many");
        return !of.isEmpty() && scale.endsWith(of)
                ? scale.substring(0, scale.length() - of.length())
                : scale;
    }
}
