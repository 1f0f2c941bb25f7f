package dev.parlo.engine.text.verbalize;

import dev.parlo.engine.text.items.Item;
import dev.parlo.engine.text.items.Quantity;
import dev.parlo.engine.text.language.Genders;
import dev.parlo.engine.text.language.LanguageTables;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Says items in a language by its table and ICU's number words. Thread-safe. */
final class TableVerbalizer implements Verbalizer {
    private static final String VOWELS = "aeiouàèéìòù";
    private static final Set<String> WITH_DATIVE =
            Set.of("in", "vor", "nach", "seit", "mit", "von", "aus", "bei", "zu", "ab", "binnen");
    private static final Set<String> WITH_ACCUSATIVE =
            Set.of("für", "ohne", "um", "gegen", "durch", "pro", "je");

    private final LanguageTables tables;
    private final IcuNumbers numbers;
    private final AmountWords amounts;
    private final DateTimeWords dateTimes;
    private final FractionWords fractions;
    private final AddressWords addresses;
    private final Genders genders;
    private final boolean german;
    private final boolean french;

    /** Italians write "ventun anni" but rarely say it. */
    private final boolean elides;

    TableVerbalizer(LanguageTables tables) {
        this.tables = tables;
        this.numbers = new IcuNumbers(tables);
        this.amounts = new AmountWords(tables, numbers);
        this.dateTimes = new DateTimeWords(tables, numbers);
        this.fractions = new FractionWords(tables, numbers);
        this.addresses = new AddressWords(tables, this::inAddress);
        this.genders = tables.genders();
        this.french = tables.locale().getLanguage().equals("fr");
        this.german = tables.locale().getLanguage().equals("de");
        this.elides = tables.locale().getLanguage().equals("it");
    }

    @Override
    public String words(Item item) {
        return switch (item) {
            case Item.Number(Quantity quantity, boolean perhapsYear) ->
                    perhapsYear ? dateTimes.year(quantity) : numbers.number(quantity);
            case Item.Year(Quantity quantity) -> dateTimes.year(quantity);
            case Item.Counted counted -> counted(counted) + amounts.of(counted.quantity());
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
                    dateTimes.year(Quantity.of(Integer.toString(from))) + (german ? "er" : "");
            case Item.Date date -> dateTimes.date(date);
            case Item.Time time -> dateTimes.time(time);
            case Item.Money money -> amounts.money(money);
            case Item.Measure(Quantity amount, String unit, boolean ignored) ->
                    amounts.measure(amount, unit);
            case Item.Scaled(Quantity amount, String scale) -> amounts.scaled(amount, scale);
            case Item.Multiple(Quantity amount) ->
                    join(numbers.number(amount), tables.word("times"));
            case Item.Several(List<Item.Measure> parts) ->
                    parts.stream().map(this::words).collect(Collectors.joining(" "));
            case Item.Range(Item from, Item to) -> range(from, to);
            case Item.Ratio(Quantity left, Quantity right) ->
                    pair(left, tables.word("ratio").isEmpty() ? "to" : "ratio", right);
            case Item.OutOf(Quantity left, Quantity right) -> pair(left, "out-of", right);
            case Item.Pair(Quantity left, Quantity right) ->
                    dateTimes.year(left) + " " + numbers.number(right);
            case Item.By(List<Quantity> sides, String unit, boolean ignored) ->
                    join(
                            sides.stream()
                                    .map(numbers::number)
                                    .collect(Collectors.joining(" " + tables.word("by") + " ")),
                            unit.isEmpty() ? "" : amounts.plural(unit));
            case Item.Fraction fraction -> fractions.words(fraction);
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
                        ? amounts.money(
                                new Item.Money(end, start.currency(), start.scale(), perhaps))
                        : words(to);
        return first + " " + tables.word("to") + " " + second;
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
