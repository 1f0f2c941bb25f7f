package dev.parlo.engine.text;

import com.ibm.icu.text.RuleBasedNumberFormat;
import com.ibm.icu.util.ULocale;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What SSML's {@code say-as} makes of a text. Numbers are spelled by ICU's rules of the language.
 * What cannot be read in the way that is asked for stays as it is.
 */
final class SayAs {
    private static final int MAX_DIGITS = 15;
    private static final Pattern NUMBER = Pattern.compile("([+−-]?)(\\d{1,15})(?:\\.(\\d{1,15}))?");
    private static final Pattern DATE_PARTS = Pattern.compile("\\d{1,4}");
    private static final Pattern YEAR_FIRST =
            Pattern.compile("(\\d{4})[-/.](\\d{1,2})[-/.](\\d{1,2})");
    private static final Map<Character, String> SIGNS =
            Map.ofEntries(
                    Map.entry('.', "dot"),
                    Map.entry(',', "comma"),
                    Map.entry('-', "dash"),
                    Map.entry('_', "underscore"),
                    Map.entry('/', "slash"),
                    Map.entry(':', "colon"),
                    Map.entry(';', "semicolon"),
                    Map.entry('@', "at"),
                    Map.entry('#', "hash"),
                    Map.entry('&', "and"),
                    Map.entry('+', "plus"),
                    Map.entry('=', "equals"),
                    Map.entry('*', "star"),
                    Map.entry('!', "exclamation mark"),
                    Map.entry('?', "question mark"),
                    Map.entry('%', "percent"),
                    Map.entry('$', "dollar"));

    private SayAs() {}

    /**
     * The words for a text.
     *
     * @param interpretAs the attribute of that name in lower case; an unknown one changes nothing
     * @param format the attribute of that name in lower case, or empty
     */
    static String words(String text, String interpretAs, String format, Locale language) {
        String stripped = text.strip();
        return switch (interpretAs) {
            case "characters", "spell-out", "verbatim", "letters" -> letters(stripped, language);
            case "digits", "telephone" -> digits(stripped, language);
            case "cardinal", "number" -> number(stripped, language, format.equals("ordinal"));
            case "ordinal" -> number(stripped, language, true);
            case "date" -> date(stripped, format, language);
            default -> text;
        };
    }

    private static boolean english(Locale language) {
        return language.getLanguage().equals("en");
    }

    private static String letters(String text, Locale language) {
        List<String> names = new ArrayList<>();
        Digits digits = new Digits(language);
        text.codePoints()
                .forEach(c -> {
                    if (Character.isWhitespace(c)) {
                        return;
                    }
                    int digit = Character.digit(c, 10);
                    if (digit >= 0) {
                        names.add(digits.name(digit));
                    } else if (Character.isLetter(c)) {
                        names.add(Character.toString(c).toUpperCase(language));
                    } else if (english(language) && Character.isBmpCodePoint(c)) {
                        names.add(SIGNS.getOrDefault((char) c, Character.toString(c)));
                    } else {
                        names.add(Character.toString(c));
                    }
                });
        return String.join(" ", names);
    }

    /** Digit by digit, with a comma where the text has something else between two groups. */
    private static String digits(String text, Locale language) {
        StringBuilder words = new StringBuilder();
        Digits names = new Digits(language);
        boolean pause = false;
        for (int c : text.codePoints().toArray()) {
            int digit = Character.digit(c, 10);
            if (digit < 0 && !Character.isLetter(c)) {
                pause = !words.isEmpty();
                if (c == '+' && english(language)) {
                    words.append(words.isEmpty() ? "plus" : " plus");
                    pause = false;
                }
                continue;
            }
            if (!words.isEmpty()) {
                words.append(pause ? ", " : " ");
            }
            words.append(digit >= 0 ? names.name(digit) : Character.toString(c));
            pause = false;
        }
        return words.isEmpty() ? text : words.toString();
    }

    private static String number(String text, Locale language, boolean ordinal) {
        Matcher number = NUMBER.matcher(plainNumber(text));
        if (!number.matches()) {
            return text;
        }
        long value = Long.parseLong(number.group(2));
        boolean minus = !number.group(1).isEmpty() && number.group(1).charAt(0) != '+';
        if (number.group(3) == null) {
            return spelled(minus ? -value : value, language, ordinal);
        }
        String exact = (minus ? "-" : "") + value + "." + number.group(3);
        RuleBasedNumberFormat format = format(language);
        return format.format(Double.parseDouble(exact));
    }

    /** Without an ordinal's ending and what groups thousands. */
    private static String plainNumber(String text) {
        String plain = text;
        if (plain.length() <= MAX_DIGITS * 2) {
            plain = plain.replaceAll("(?<=\\d)(?:st|nd|rd|th|º|ª|\\.)$", "");
            plain = plain.replaceAll("(?<=\\d)[,\\u00A0\\u202F ](?=\\d{3})", "");
        }
        return plain;
    }

    /** The words for 0 to 9; ICU's rules take milliseconds to read, and a text may be long. */
    private static final class Digits {
        private final @Nullable String[] names = new @Nullable String[10];
        private final Locale language;

        Digits(Locale language) {
            this.language = language;
        }

        String name(int digit) {
            String name = names[digit];
            if (name == null) {
                name = spelled(digit, language, false);
                names[digit] = name;
            }
            return name;
        }
    }

    private static String spelled(long value, Locale language, boolean ordinal) {
        RuleBasedNumberFormat format = format(language);
        if (ordinal) {
            for (String rules : format.getRuleSetNames()) {
                if (rules.startsWith("%spellout-ordinal")) {
                    return plain(format.format(value, rules));
                }
            }
        }
        return plain(format.format(value));
    }

    private static RuleBasedNumberFormat format(Locale language) {
        return new RuleBasedNumberFormat(
                ULocale.forLocale(language), RuleBasedNumberFormat.SPELLOUT);
    }

    /** Without soft hyphens, which ICU puts into long words. */
    private static String plain(String words) {
        return words.replace("\u00AD", "");
    }

    private static String date(String text, String format, Locale language) {
        Matcher yearFirst = YEAR_FIRST.matcher(text);
        boolean iso = yearFirst.matches();
        String order = iso && !format.startsWith("y") ? "ymd" : format;
        if (order.isEmpty() || !order.matches("[ymd]{1,3}")) {
            return text;
        }
        List<Integer> parts = new ArrayList<>();
        Matcher numbers = DATE_PARTS.matcher(text);
        while (numbers.find() && parts.size() < 4) {
            parts.add(Integer.parseInt(numbers.group()));
        }
        if (parts.size() != order.length()
                || order.chars().distinct().count() != order.length()
                || text.chars().anyMatch(Character::isLetter)) {
            return text;
        }
        int year = part(parts, order, 'y', 2000);
        int month = part(parts, order, 'm', 1);
        int day = part(parts, order, 'd', 1);
        try {
            LocalDate date = LocalDate.of(year < 100 ? year + 2000 : year, month, day);
            DateTimeFormatter pattern =
                    switch (order) {
                        case "mdy", "dmy", "ymd", "ydm" ->
                                DateTimeFormatter.ofLocalizedDate(FormatStyle.LONG);
                        case "my", "ym" -> DateTimeFormatter.ofLocalizedPattern("yMMMM");
                        case "md", "dm" -> DateTimeFormatter.ofLocalizedPattern("MMMMd");
                        case "m" -> DateTimeFormatter.ofPattern("MMMM", language);
                        default -> null;
                    };
            return pattern == null ? text : date.format(pattern.withLocale(language));
        } catch (DateTimeException impossible) {
            return text;
        }
    }

    private static int part(List<Integer> parts, String order, char which, int missing) {
        int at = order.indexOf(which);
        return at < 0 ? missing : parts.get(at);
    }
}
