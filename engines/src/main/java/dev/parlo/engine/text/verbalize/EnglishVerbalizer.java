package dev.parlo.engine.text.verbalize;

import dev.parlo.engine.text.items.Item;
import dev.parlo.engine.text.items.Quantity;
import dev.parlo.engine.text.language.LanguageTables;
import java.util.List;
import java.util.stream.Collectors;

/** Says items in English. Numbers have neither commas nor "and", which would be heard. */
final class EnglishVerbalizer implements Verbalizer {
    private final LanguageTables tables;
    private final AddressWords addresses;
    private final EnglishNumbers numbers;
    private final EnglishClock clock;

    EnglishVerbalizer(LanguageTables tables) {
        this.tables = tables;
        this.numbers = new EnglishNumbers(tables.locale().getCountry().equals("GB"));
        this.clock = new EnglishClock(numbers);
        this.addresses = new AddressWords(tables, this::inAddress);
    }

    @Override
    public String words(Item item) {
        return switch (item) {
            case Item.Number(Quantity quantity, boolean perhapsYear) ->
                    perhapsYear ? perhapsYear(quantity) : number(quantity);
            case Item.Counted(Quantity quantity, String noun, String before) -> number(quantity);
            case Item.Scientific(Quantity quantity, String exponent) ->
                    number(quantity) + " times ten " + power(exponent);
            case Item.Plural(Quantity quantity) -> plural(quantity);
            case Item.Ordinal(Quantity quantity, Item.Inflection ignored) ->
                    numbers.ordinal(quantity.whole());
            case Item.Year(Quantity quantity) -> year(quantity);
            case Item.Decade(int from) -> decade(from);
            case Item.Date date -> date(date);
            case Item.Time time -> clock.time(time, false);
            case Item.Money money -> money(money, !one(money.amount()));
            case Item.Measure measure -> measure(measure, !measure.amount().isOne());
            case Item.Scaled(Quantity amount, String scale) -> number(amount) + " " + scale;
            case Item.Multiple(Quantity amount) ->
                    number(amount) + (amount.isOne() ? " time" : " times");
            case Item.Several(List<Item.Measure> parts) ->
                    parts.stream().map(this::words).collect(Collectors.joining(" "));
            case Item.Range(Item from, Item to) -> range(from, to);
            case Item.Ratio(Quantity left, Quantity right) -> number(left) + " to " + number(right);
            case Item.OutOf(Quantity left, Quantity right) ->
                    number(left) + " out of " + number(right);
            case Item.Pair(Quantity left, Quantity right) ->
                    perhapsYear(left) + " " + perhapsYear(right);
            case Item.By by -> by(by);
            case Item.Fraction fraction -> fraction(fraction);
            case Item.Digits(List<String> groups) ->
                    groups.stream()
                            .map(EnglishVerbalizer::digits)
                            .collect(Collectors.joining(", "));
            case Item.Version(List<String> parts, boolean dots) ->
                    parts.stream()
                            .map(numbers::cardinal)
                            .collect(Collectors.joining(dots ? " dot " : " point "));
            case Item.Roman(int value, boolean ordinal, boolean ignored) ->
                    ordinal ? "the " + numbers.ordinal(value) : numbers.cardinal(value);
            case Item.ListMark(Quantity number, boolean ends) ->
                    (ends ? ". " : "") + number(number) + ",";
            case Item.Letters(String letters) -> spaced(letters);
            case Item.Address(String written) -> addresses.spell(written);
            case Item.Power(String exponent) -> power(exponent);
            case Item.Sign(String key) -> tables.word(key);
            case Item.Words(String words) -> words;
        };
    }

    private String number(Quantity quantity) {
        String whole = numbers.cardinal(quantity.whole());
        String words =
                quantity.isWhole()
                        ? whole
                        : whole + " point " + EnglishNumbers.digits(quantity.fraction());
        return quantity.negative() ? "minus " + words : words;
    }

    /** Four digits that look like a year are read as one. */
    private String perhapsYear(Quantity quantity) {
        int value = quantity.bareFour() ? quantity.small() : 0;
        boolean year = value > 1500 && value < 2100 && value % 1000 > 9;
        return year && !quantity.negative() ? numbers.year(value) : number(quantity);
    }

    private String year(Quantity quantity) {
        int value = quantity.small();
        if (quantity.whole().length() == 2) {
            return value < 10 ? "oh " + numbers.cardinal(value) : numbers.cardinal(value);
        }
        if (quantity.whole().length() == 3 && value % 100 > 0) {
            // a seven forty-seven, a four oh four
            String rest = (value % 100 < 10 ? "oh " : "") + numbers.cardinal(value % 100);
            return numbers.cardinal(value / 100) + " " + rest;
        }
        return value >= 1000 && value < 10_000 && quantity.whole().length() == 4
                ? numbers.year(value)
                : number(quantity);
    }

    private String decade(int from) {
        if (from < 100) {
            return plural(numbers.cardinal(from));
        }
        int century = from / 100;
        int rest = from % 100;
        if (rest == 0) {
            return from % 1000 == 0
                    ? plural(numbers.cardinal(from))
                    : numbers.cardinal(century) + " hundreds";
        }
        return numbers.cardinal(century) + " " + plural(numbers.cardinal(rest));
    }

    private static String plural(String number) {
        if (number.endsWith("y")) {
            return number.substring(0, number.length() - 1) + "ies";
        }
        return number + (number.endsWith("x") ? "es" : "s");
    }

    /** {@code 747s} are said in halves, smaller ones as they are. */
    private String plural(Quantity quantity) {
        return plural(
                quantity.whole().length() == 3
                        ? year(quantity)
                        : numbers.cardinal(quantity.whole()));
    }

    private String by(Item.By by) {
        List<Quantity> sides = by.sides();
        String words = sides.stream().map(this::side).collect(Collectors.joining(" by "));
        return by.unit().isEmpty()
                ? words
                : words + " " + unit(by.unit(), by.attributive() || sides.getLast().isOne());
    }

    private String date(Item.Date date) {
        String month = tables.months().get(date.month() - 1).getFirst();
        Quantity of = date.year();
        String year = of == null ? "" : ", " + year(of);
        if (date.day() == 0) {
            return month + year.replace(",", "");
        }
        String day = numbers.ordinal(date.day());
        if (date.lastDay() != 0) {
            day += " to " + numbers.ordinal(date.lastDay());
        }
        return switch (date.form()) {
            case MONTH_FIRST -> month + " " + day + year;
            case DAY_FIRST -> "the " + day + " of " + month + year;
            case BEHIND_ARTICLE, NOMINATIVE -> day + " of " + month + year;
        };
    }

    private static boolean one(Quantity amount) {
        return amount.whole().equals("1");
    }

    private String money(Item.Money money, boolean many) {
        List<String> names =
                tables.currencies().getOrDefault(money.currency(), List.of(money.currency()));
        String single = names.getFirst();
        String plural = names.size() > 1 ? names.get(1) : single;
        Quantity amount = money.amount();
        if (!money.scale().isEmpty()) {
            return number(amount)
                    + " "
                    + money.scale()
                    + " "
                    + (money.attributive() ? single : plural);
        }
        String fraction = amount.fraction();
        if (fraction.length() > 2 || names.size() < 4) {
            return number(amount) + " " + (amount.isOne() ? single : plural);
        }
        String sign = amount.negative() ? "minus " : "";
        boolean singular = money.attributive() || !many;
        String large = numbers.cardinal(amount.whole()) + " " + (singular ? single : plural);
        int cents =
                fraction.isEmpty()
                        ? 0
                        : Integer.parseInt(fraction) * (fraction.length() == 1 ? 10 : 1);
        if (cents == 0) {
            return sign + large;
        }
        String small = numbers.cardinal(cents) + " " + (cents == 1 ? names.get(2) : names.get(3));
        return sign + (amount.whole().equals("0") ? small : large + " and " + small);
    }

    private String measure(Item.Measure measure, boolean many) {
        return number(measure.amount())
                + " "
                + unit(measure.unit(), measure.attributive() || !many);
    }

    private String unit(String unit, boolean singular) {
        List<String> names = tables.units().get(unit);
        if (names == null) {
            names = tables.gluedUnits().getOrDefault(unit, List.of(unit));
        }
        return singular ? names.getFirst() : names.getLast();
    }

    private String range(Item from, Item to) {
        String second =
                switch (to) {
                    case Item.Money money -> money(money, true);
                    case Item.Measure measure -> measure(measure, true);
                    case Item.Number(Quantity end, boolean perhaps)
                            when from instanceof Item.Money start ->
                            money(
                                    new Item.Money(
                                            end,
                                            start.currency(),
                                            start.scale(),
                                            start.attributive()),
                                    true);
                    case Item.Scaled(Quantity end, String scale)
                            when from instanceof Item.Money start ->
                            money(
                                    new Item.Money(
                                            end, start.currency(), scale, start.attributive()),
                                    true);
                    case Item.Number(Quantity end, boolean perhaps)
                            when from instanceof Item.Time ->
                            number(end);
                    default -> words(to);
                };
        return first(from, to) + " to " + second;
    }

    /** The beginning of a range, without what its end says again. */
    private String first(Item from, Item to) {
        return switch (from) {
            case Item.Money start when to instanceof Item.Number -> number(start.amount());
            case Item.Money start when to instanceof Item.Money end ->
                    start.amount().isWhole()
                                    && end.amount().isWhole()
                                    && (start.scale().isEmpty()
                                            || start.scale().equals(end.scale()))
                            ? number(start.amount())
                            : words(from);
            case Item.Measure start when to instanceof Item.Measure end ->
                    start.unit().equals(end.unit()) ? number(start.amount()) : words(from);
            case Item.Scaled start when to instanceof Item.Scaled end ->
                    start.scale().equals(end.scale()) ? number(start.amount()) : words(from);
            case Item.Scaled start when to instanceof Item.Money end ->
                    start.scale().equals(end.scale()) ? number(start.amount()) : words(from);
            case Item.Money start when to instanceof Item.Scaled -> number(start.amount());
            case Item.Multiple start -> number(start.amount());
            case Item.Number(Quantity start, boolean perhaps) when to instanceof Item.Ordinal ->
                    numbers.ordinal(start.whole());
            case Item.Number(Quantity start, boolean perhaps) when !(to instanceof Item.Number) ->
                    number(start);
            case Item.Time start -> clock.time(start, true);
            default -> words(from);
        };
    }

    private String side(Quantity side) {
        int value = side.small();
        boolean pairs = side.whole().length() == 4 && value % 100 >= 10;
        return pairs
                ? numbers.cardinal(value / 100) + " " + numbers.cardinal(value % 100)
                : number(side);
    }

    private String fraction(Item.Fraction fraction) {
        int top = fraction.numerator();
        int bottom = fraction.denominator();
        Quantity whole = fraction.whole();
        boolean named =
                top > 0
                        && bottom > 1
                        && top < 100
                        && (bottom <= 20
                                || bottom == 32
                                || bottom == 64
                                || bottom == 100
                                || bottom == 1000)
                        && (top < bottom || bottom <= 8);
        if (!named) {
            String over = numbers.cardinal(top) + " over " + numbers.cardinal(bottom);
            return whole == null ? over : number(whole) + " and " + over;
        }
        String part =
                bottom == 2
                        ? top == 1 ? "half" : "halves"
                        : (bottom == 4
                                        ? "quarter"
                                        : numbers.ordinal(bottom).replaceFirst("^one ", ""))
                                + (top == 1 ? "" : "s");
        if (whole == null) {
            return numbers.cardinal(top) + " " + part;
        }
        String count =
                top == 1
                        ? part.startsWith("eigh") || part.startsWith("eleven") ? "an" : "a"
                        : numbers.cardinal(top);
        return number(whole) + " and " + count + " " + part;
    }

    private static String digits(String group) {
        return group.startsWith("+")
                ? "plus " + EnglishNumbers.digits(group.substring(1))
                : EnglishNumbers.digits(group);
    }

    private static String spaced(String letters) {
        return letters.codePoints()
                .mapToObj(letter -> Character.toString(Character.toUpperCase(letter)))
                .collect(Collectors.joining(" "));
    }

    private String power(String exponent) {
        return switch (exponent) {
            case "2" -> "squared";
            case "3" -> "cubed";
            default -> {
                boolean minus = exponent.startsWith("-");
                String value = minus ? exponent.substring(1) : exponent;
                boolean number = value.chars().allMatch(Character::isDigit);
                yield "to the power of "
                        + (minus ? "minus " : "")
                        + (number ? numbers.cardinal(value) : value);
            }
        };
    }

    /** Ports and the like: four digits in pairs, long runs one by one. */
    private String inAddress(String digits) {
        if (digits.length() == 4 && digits.charAt(0) != '0') {
            return side(Quantity.of(digits));
        }
        return digits.length() > 4 ? EnglishNumbers.digits(digits) : numbers.cardinal(digits);
    }
}
