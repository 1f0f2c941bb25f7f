package dev.parlo.engine.text.verbalize;

import com.ibm.icu.text.RuleBasedNumberFormat;
import com.ibm.icu.util.ULocale;
import dev.parlo.engine.text.items.Quantity;
import dev.parlo.engine.text.language.LanguageTables;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Number words of a language by ICU's rules. Thread-safe: ICU's formats are not, so one at a time.
 */
final class IcuNumbers {
    /** ICU spells longer numbers as digits. */
    private static final int MAX_DIGITS = 15;

    private final RuleBasedNumberFormat format;
    private final List<String> rules;
    private final String point;
    private final String minus;
    private final List<String> digits;
    private final boolean apart;

    IcuNumbers(LanguageTables tables) {
        Locale locale = tables.locale();
        format =
                new RuleBasedNumberFormat(
                        ULocale.forLocale(locale), RuleBasedNumberFormat.SPELLOUT);
        rules = Arrays.asList(format.getRuleSetNames());
        point = tables.word("point");
        minus = tables.word("minus");
        apart = Set.of("de", "es", "it").contains(locale.getLanguage());
        digits = IntStream.range(0, 10).mapToObj(digit -> format.format(digit)).toList();
    }

    /** A number as it stands, digits behind its point one by one. */
    String number(Quantity quantity) {
        return number(quantity, "%spellout-numbering");
    }

    /** A number before what it counts. */
    String counting(Quantity quantity, boolean feminine) {
        return number(
                quantity,
                feminine ? "%spellout-cardinal-feminine" : "%spellout-cardinal-masculine");
    }

    private String number(Quantity quantity, String rule) {
        // "eins Komma fünf Kilo", "uno coma cinco kilos": of decimals the whole is no counted one
        boolean mere = !quantity.isWhole() && apart;
        String words = whole(quantity.whole(), mere ? "%spellout-numbering" : rule);
        if (!quantity.isWhole()) {
            words += " " + point + " " + fraction(quantity.fraction());
        }
        return quantity.negative() ? minus + " " + words : words;
    }

    private String whole(String number, String rule) {
        boolean zero = number.length() > 1 && number.charAt(0) == '0';
        return zero || number.length() > MAX_DIGITS
                ? digits(number)
                : spelled(Long.parseLong(number), rule);
    }

    /** Two digits as one number, where the language does so; more of them one by one. */
    private String fraction(String written) {
        return written.length() <= 2 && written.charAt(0) != '0' && !point.equals("Komma")
                ? spelled(Long.parseLong(written), "%spellout-numbering")
                : digits(written);
    }

    String digits(String number) {
        return number.chars()
                .filter(Character::isDigit)
                .mapToObj(digit -> digits.get(Character.digit(digit, 10)))
                .collect(Collectors.joining(" "));
    }

    String year(int year) {
        return spelled(year, "%spellout-numbering-year");
    }

    String ordinal(long number, boolean feminine) {
        String rule = feminine ? "%spellout-ordinal-feminine" : "%spellout-ordinal-masculine";
        // Spanish says "primer" before a noun
        return ordinal(number, rules.contains(rule + "-adjective") ? rule + "-adjective" : rule);
    }

    /** The ordinal of a rule of ICU's, or of the language's only one. */
    String ordinal(long number, String rule) {
        return spelled(number, rules.contains(rule) ? rule : "%spellout-ordinal");
    }

    private synchronized String spelled(long number, String rule) {
        String words = rules.contains(rule) ? format.format(number, rule) : format.format(number);
        // soft hyphens, which ICU puts into long words
        return words.replace("\u00AD", "");
    }
}
