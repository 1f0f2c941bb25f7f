package dev.parlo.engine.text.verbalize;

import dev.parlo.engine.text.items.Item;
import dev.parlo.engine.text.items.Quantity;
import dev.parlo.engine.text.language.Genders;
import dev.parlo.engine.text.language.LanguageTables;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Says items in a language by its table and ICU's number words. Thread-safe. */
final class TableVerbalizer implements Verbalizer {
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

    private static final String VOWELS = "aeiouàèéìòù";
    private static final Set<String> WITH_DATIVE =
            Set.of("in", "vor", "nach", "seit", "mit", "von", "aus", "bei", "zu", "ab", "binnen");
    private static final Set<String> WITH_ACCUSATIVE =
            Set.of("für", "ohne", "um", "gegen", "durch", "pro", "je");

    private final LanguageTables tables;
    private final IcuNumbers numbers;
    private final AddressWords addresses;
    private final Genders genders;
    private final boolean german;
    private final boolean hindi;
    private final boolean french;

    /** Italians write "ventun anni" but rarely say it. */
    private final boolean elides;

    TableVerbalizer(LanguageTables tables) {
        this.tables = tables;
        this.numbers = new IcuNumbers(tables);
        this.addresses = new AddressWords(tables, this::inAddress);
        this.genders = tables.genders();
        this.french = tables.locale().getLanguage().equals("fr");
        this.german = tables.locale().getLanguage().equals("de");
        this.hindi = tables.locale().getLanguage().equals("hi");
        this.elides = tables.locale().getLanguage().equals("it");
    }

    @Override
    public String words(Item item) {
        return switch (item) {
            case Item.Number(Quantity quantity, boolean perhapsYear) ->
                    perhapsYear ? year(quantity) : numbers.number(quantity);
            case Item.Year(Quantity quantity) -> year(quantity);
            case Item.Counted counted -> counted(counted) + of(counted.quantity());
            case Item.Scientific(Quantity quantity, String exponent) ->
                    String.join(
                            " ",
                            numbers.number(quantity),
                            tables.word("times"),
                            numbers.number(Quantity.of("10")),
                            power(exponent));
            case Item.Plural(Quantity quantity) -> numbers.number(quantity);
            case Item.Ordinal(Quantity quantity, Item.Inflection inflection) ->
                    quantity.small() < 0
                            ? numbers.number(quantity)
                            : ordinal(quantity.small(), inflection);
            case Item.Decade(int from) ->
                    year(Quantity.of(Integer.toString(from))) + (german ? "er" : "");
            case Item.Date date -> date(date);
            case Item.Time time -> time(time);
            case Item.Money money -> money(money);
            case Item.Measure(Quantity amount, String unit, boolean ignored) ->
                    counted(amount, names(unit));
            case Item.Scaled(Quantity amount, String scale) ->
                    join(numbers.counting(amount, feminine(scale)), one(amount, bare(scale)));
            case Item.Multiple(Quantity amount) ->
                    join(numbers.number(amount), tables.word("times"));
            case Item.Several(List<Item.Measure> parts) ->
                    parts.stream().map(this::words).collect(Collectors.joining(" "));
            case Item.Range(Item from, Item to) -> range(from, to);
            case Item.Ratio(Quantity left, Quantity right) ->
                    pair(left, tables.word("ratio").isEmpty() ? "to" : "ratio", right);
            case Item.OutOf(Quantity left, Quantity right) -> pair(left, "out-of", right);
            case Item.Pair(Quantity left, Quantity right) ->
                    year(left) + " " + numbers.number(right);
            case Item.By(List<Quantity> sides, String unit, boolean ignored) ->
                    join(
                            sides.stream()
                                    .map(numbers::number)
                                    .collect(Collectors.joining(" " + tables.word("by") + " ")),
                            unit.isEmpty() ? "" : names(unit).getLast());
            case Item.Fraction fraction -> fraction(fraction);
            case Item.Digits(List<String> groups) ->
                    groups.stream().map(this::digits).collect(Collectors.joining(", "));
            case Item.Version(List<String> parts, boolean dots) ->
                    parts.stream()
                            .map(part -> numbers.number(Quantity.of(part)))
                            .collect(Collectors.joining(" " + tables.word("dot") + " "));
            case Item.Roman roman -> roman(roman);
            case Item.ListMark(Quantity number, boolean ends) ->
                    (ends ? ". " : "") + numbers.number(number) + ",";
            case Item.Letters(String letters) ->
                    letters.codePoints()
                            .mapToObj(c -> Character.toString(Character.toUpperCase(c)))
                            .collect(Collectors.joining(" "));
            case Item.Address(String written) -> addresses.spell(written);
            case Item.Power(String exponent) -> power(exponent);
            case Item.Sign(String key) -> tables.word(key);
            case Item.Words(String words) -> words;
        };
    }

    /** The number of some things, by their gender. */
    private String counted(Item.Counted counted) {
        Quantity quantity = counted.quantity();
        String noun = counted.noun();
        Genders.Gender gender = genders.of(noun);
        boolean feminine = gender == Genders.Gender.FEMININE;
        if (!quantity.isOne()) {
            return elides ? numbers.number(quantity) : numbers.counting(quantity, feminine);
        }
        if (elides) {
            return feminine
                    ? VOWELS.indexOf(noun.charAt(0)) >= 0 ? "un'" : "una"
                    : noun.matches("s[^aeiouàèéìòù].*|(?:z|gn|ps|pn|x|y|i[aeou]).*") ? "uno" : "un";
        }
        // "in 1 Minute", "für 1 Tag"
        if (german && WITH_DATIVE.contains(counted.before())) {
            return feminine ? "einer" : "einem";
        }
        if (german
                && WITH_ACCUSATIVE.contains(counted.before())
                && gender == Genders.Gender.MASCULINE) {
            return "einen";
        }
        return numbers.counting(quantity, feminine);
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

    private static String join(String first, String second) {
        return second.isEmpty() ? first : first + " " + second;
    }

    private String pair(Quantity left, String key, Quantity right) {
        return numbers.number(left) + " " + tables.word(key) + " " + numbers.number(right);
    }

    private String ordinal(long number, Item.Inflection inflection) {
        if (german) {
            return numbers.ordinal(
                    number,
                    switch (inflection) {
                        case OBLIQUE -> "%spellout-ordinal-n";
                        case NOMINATIVE -> "%spellout-ordinal";
                        case MASCULINE, FEMININE -> "%spellout-ordinal-r";
                        case NEUTER -> "%spellout-ordinal-s";
                        case DATIVE -> "%spellout-ordinal-m";
                    });
        }
        return inflection == Item.Inflection.NOMINATIVE
                ? numbers.ordinal(number, "%spellout-ordinal-masculine")
                : numbers.ordinal(number, inflection == Item.Inflection.FEMININE);
    }

    /**
     * Only Germans read four digits as a year in two halves, and only before 2000; in Hindi such
     * years are counted in hundreds.
     */
    private String year(Quantity quantity) {
        int value = quantity.bareFour() ? quantity.small() : 0;
        if (hindi && value >= 1100 && value < 2000) {
            String hundreds = small(value / 100) + " " + tables.word("hundred");
            return value % 100 == 0 ? hundreds : hundreds + " " + small(value % 100);
        }
        return german && value >= 1100 && value < 2000
                ? numbers.year(value)
                : numbers.number(quantity);
    }

    private String small(int value) {
        return numbers.number(Quantity.of(Integer.toString(value)));
    }

    /** Whole millions take an "of" before what they count, where the language has it. */
    private String of(Quantity amount) {
        return amount.isWhole() && amount.whole().endsWith("000000") ? tables.word("of-many") : "";
    }

    private List<String> names(String unit) {
        List<String> names = tables.units().get(unit);
        return names != null ? names : tables.gluedUnits().getOrDefault(unit, List.of(unit, unit));
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

    /** A scale without the "of" that stands before money only. */
    private String bare(String scale) {
        String of = tables.word("of-many");
        return !of.isEmpty() && scale.endsWith(of)
                ? scale.substring(0, scale.length() - of.length())
                : scale;
    }

    private String money(Item.Money money) {
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

    private String date(Item.Date date) {
        String month = tables.months().get(date.month() - 1).getFirst();
        Quantity year = date.year();
        String pattern = tables.word(date.day() == 0 ? "month" : year == null ? "day" : "date");
        String day = date.day() == 0 ? "" : day(date.day(), date.form());
        if (date.lastDay() != 0) {
            day += " " + tables.word("to") + " " + day(date.lastDay(), date.form());
        }
        return pattern.replace("{d}", day)
                .replace("{m}", month)
                .replace("{y}", year == null ? "" : year(year));
    }

    private String day(int day, Item.DateForm form) {
        if (german) {
            return numbers.ordinal(
                    day,
                    switch (form) {
                        case BEHIND_ARTICLE -> "%spellout-ordinal-n";
                        case NOMINATIVE -> "%spellout-ordinal";
                        default -> "%spellout-ordinal-r";
                    });
        }
        String first = tables.word("first-day");
        return day == 1 && !first.isEmpty()
                ? first
                : numbers.number(Quantity.of(Integer.toString(day)));
    }

    private String time(Item.Time time) {
        boolean minutes = time.minute() > 0 || time.second() > 0;
        boolean one = time.hour() == 1;
        String pattern = tables.word((minutes ? "time" : "hour") + (one ? "-one" : ""));
        String words =
                pattern.replace("{h}", hour(time.hour()))
                        .replace("{m}", minutes(Math.max(0, time.minute())));
        return time.second() <= 0
                ? words
                : words
                        + tables.word("seconds")
                                .replace(
                                        "{s}",
                                        numbers.number(
                                                Quantity.of(Integer.toString(time.second()))));
    }

    /** The French count minutes, which are feminine; others say a mere number. */
    private String minutes(int minute) {
        Quantity quantity = Quantity.of(Integer.toString(minute));
        return french ? numbers.counting(quantity, true) : numbers.number(quantity);
    }

    /** Hours are feminine in the Romance languages. */
    private String hour(int hour) {
        Quantity quantity = Quantity.of(Integer.toString(hour));
        return german ? numbers.number(quantity) : numbers.counting(quantity, true);
    }

    private String range(Item from, Item to) {
        String first =
                switch (from) {
                    case Item.Money start
                            when to instanceof Item.Money end && start.amount().isWhole() ->
                            numbers.number(start.amount());
                    case Item.Money start when to instanceof Item.Number ->
                            numbers.number(start.amount());
                    case Item.Measure start
                            when to instanceof Item.Measure end
                                    && start.unit().equals(end.unit()) ->
                            numbers.number(start.amount());
                    case Item.Scaled start when to instanceof Item.Scaled ->
                            numbers.number(start.amount());
                    default -> words(from);
                };
        String second =
                to instanceof Item.Number(Quantity end, boolean perhaps)
                                && from instanceof Item.Money start
                        ? money(new Item.Money(end, start.currency(), start.scale(), perhaps))
                        : words(to);
        return first + " " + tables.word("to") + " " + second;
    }

    private String fraction(Item.Fraction fraction) {
        Quantity top = Quantity.of(Integer.toString(fraction.numerator()));
        Quantity bottom = Quantity.of(Integer.toString(fraction.denominator()));
        List<String> names = tables.fractions().get(bottom.whole());
        String part =
                names == null
                        ? pair(top, "over", bottom)
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
            return noun.length() > 2 ? genders.of(noun.toLowerCase(Locale.ROOT)) : null;
        }
        String name = unit.getFirst().toLowerCase(Locale.ROOT);
        if (name.startsWith("~")) {
            return Genders.Gender.FEMININE;
        }
        Genders.Gender known = genders.of(name);
        return known == null ? Genders.Gender.MASCULINE : known;
    }

    private static String letter(Genders.Gender gender) {
        return gender.name().substring(0, 1).toLowerCase(Locale.ROOT);
    }

    /** Rulers have ordinals up to the tenth, or all of them, as the language has it. */
    private String roman(Item.Roman roman) {
        int value = roman.value();
        String language = tables.locale().getLanguage();
        boolean ordinals =
                switch (language) {
                    case "es", "pt" -> value <= 10;
                    case "fr" -> value == 1;
                    default -> true;
                };
        if (!roman.ordinal() || !ordinals) {
            return numbers.number(Quantity.of(Integer.toString(value)));
        }
        if (german) {
            return (roman.queen() ? "die " : "der ") + numbers.ordinal(value, "%spellout-ordinal");
        }
        // behind a name, not before one: "Carlos primero"
        return numbers.ordinal(
                value,
                roman.queen() ? "%spellout-ordinal-feminine" : "%spellout-ordinal-masculine");
    }

    private String digits(String group) {
        return group.startsWith("+")
                ? tables.word("plus") + " " + digits(group.substring(1))
                : french ? pairs(group) : numbers.digits(group);
    }

    /** The French say the numbers of telephones as numbers of two digits, or of three. */
    private String pairs(String group) {
        if (group.length() == 10 && group.startsWith("0")) {
            return IntStream.range(0, 5)
                    .mapToObj(pair -> pairs(group.substring(2 * pair, 2 * pair + 2)))
                    .collect(Collectors.joining(", "));
        }
        return group.startsWith("0") || group.length() > 3
                ? numbers.digits(group)
                : numbers.number(Quantity.of(group));
    }

    private String power(String exponent) {
        return switch (exponent) {
            case "2" -> tables.word("squared");
            case "3" -> tables.word("cubed");
            default -> {
                boolean minus = exponent.startsWith("-");
                String value = minus ? exponent.substring(1) : exponent;
                boolean number = value.chars().allMatch(Character::isDigit);
                yield tables.word("power")
                        + " "
                        + (minus ? tables.word("minus") + " " : "")
                        + (number ? numbers.number(Quantity.of(value)) : value);
            }
        };
    }

    private String inAddress(String digits) {
        return digits.length() > 4 ? numbers.digits(digits) : numbers.number(Quantity.of(digits));
    }
}
