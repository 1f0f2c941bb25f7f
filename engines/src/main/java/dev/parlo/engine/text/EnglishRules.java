package dev.parlo.engine.text;

import dev.parlo.engine.text.TextNormalizer.Rule;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import org.jspecify.annotations.Nullable;

/** Rules for English dates, times, money, titles and numbers. */
final class EnglishRules {
    private static final List<String> MONTHS =
            List.of(
                    "January",
                    "February",
                    "March",
                    "April",
                    "May",
                    "June",
                    "July",
                    "August",
                    "September",
                    "October",
                    "November",
                    "December");
    private static final String MONTH_NAMES =
            "(January|February|March|April|May|June|July|August|September|October|November|December|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec)\\.?";
    private static final String NUMBER = "(?:\\d{1,3}(?:,\\d{3}){1,5}|\\d{1,18})(?:\\.\\d{1,12})?";

    static final List<Rule> DATES_AND_TIMES =
            List.of(
                    Rule.of(
                            "(?<![\\w.-])(\\d{4})-(\\d{2})-(\\d{2})(?![\\w-])",
                            EnglishRules::isoDate),
                    Rule.of(
                            "\\b"
                                    + MONTH_NAMES
                                    + " (\\d{1,2})(?:st|nd|rd|th)?(?:(, ?| )(\\d{4}))?\\b",
                            EnglishRules::monthDay),
                    Rule.of(
                            "(?<![\\w.:])(\\d{1,2})(?:st|nd|rd|th)? (?:of )?"
                                    + MONTH_NAMES
                                    + "(?: (\\d{4}))?\\b",
                            EnglishRules::dayMonth),
                    Rule.of(
                            "(?<![\\w.:])([01]?\\d|2[0-3]):([0-5]\\d)(?::([0-5]\\d))?(?: ?([AaPp])\\.?[Mm](?:\\.(?=\\s\\p{Ll})|\\b))?(?![\\w:])",
                            EnglishRules::time),
                    Rule.of(
                            "(?<![\\w.:])(1[0-2]|[1-9]) ?([AaPp])\\.?[Mm]\\b",
                            match ->
                                    EnglishNumbers.cardinal(match.group(1))
                                            + half(match.group(2))));

    static final List<Rule> MONEY =
            List.of(
                    Rule.of(
                            "(?<!\\w)(-)?([$£€¥])("
                                    + NUMBER
                                    + ")(?: ?(thousand|million|billion|trillion|[kKmMbB](?![\\w])|bn\\b))?",
                            EnglishRules::money));

    private static final Map<String, String> TITLE_WORDS =
            Map.ofEntries(
                    Map.entry("dr", "Doctor"),
                    Map.entry("mr", "Mister"),
                    Map.entry("ms", "Miss"),
                    Map.entry("mrs", "Missus"),
                    Map.entry("prof", "Professor"),
                    Map.entry("sr", "Senior"),
                    Map.entry("jr", "Junior"),
                    Map.entry("gen", "General"),
                    Map.entry("capt", "Captain"),
                    Map.entry("sgt", "Sergeant"),
                    Map.entry("lt", "Lieutenant"),
                    Map.entry("gov", "Governor"),
                    Map.entry("vs", "versus"),
                    Map.entry("approx", "approximately"),
                    Map.entry("dept", "department"));
    private static final Map<String, Integer> ROMAN =
            Map.ofEntries(
                    Map.entry("II", 2),
                    Map.entry("III", 3),
                    Map.entry("IV", 4),
                    Map.entry("V", 5),
                    Map.entry("VI", 6),
                    Map.entry("VII", 7),
                    Map.entry("VIII", 8),
                    Map.entry("IX", 9),
                    Map.entry("X", 10),
                    Map.entry("XI", 11),
                    Map.entry("XII", 12),
                    Map.entry("XIII", 13),
                    Map.entry("XIV", 14),
                    Map.entry("XV", 15),
                    Map.entry("XVI", 16),
                    Map.entry("XVII", 17),
                    Map.entry("XVIII", 18),
                    Map.entry("XIX", 19),
                    Map.entry("XX", 20));
    private static final String ROMAN_NAMES =
            "(II|III|IV|V|VI|VII|VIII|IX|X|XI|XII|XIII|XIV|XV|XVI|XVII|XVIII|XIX|XX)";

    static final List<Rule> TITLES =
            List.of(
                    Rule.of(
                            "\\b(Dr|Mr|Ms|Mrs|Prof|Gen|Capt|Sgt|Lt|Gov|approx|dept)\\.(?= ?[\\p{L}\\d])",
                            match -> TITLE_WORDS.get(match.group(1).toLowerCase(Locale.ROOT))),
                    Rule.of("\\bvs\\.?(?= )", match -> "versus"),
                    Rule.of(
                            "\\b(Sr|Jr)\\.",
                            match -> TITLE_WORDS.get(match.group(1).toLowerCase(Locale.ROOT))),
                    Rule.of("\\be\\.g\\.,?", match -> "for example,"),
                    Rule.of("\\bi\\.e\\.,?", match -> "that is,"),
                    Rule.of("\\betc\\.(?=[ ,;)]\\s?[\\p{Ll},;])", match -> "etcetera"),
                    Rule.of("\\betc\\.", match -> "etcetera."),
                    Rule.of(
                            "\\b(King|Queen|Pope|Prince|Emperor) (\\p{Lu}\\p{Ll}{1,20}) "
                                    + ROMAN_NAMES
                                    + "\\b",
                            match ->
                                    match.group(1)
                                            + " "
                                            + match.group(2)
                                            + " the "
                                            + EnglishNumbers.ordinal(roman(match.group(3)))),
                    Rule.of(
                            "\\b(Louis|Henry|Charles|George|Elizabeth|Edward|William|Richard|James|Benedict|Napoleon|Friedrich|Frederick|John Paul) "
                                    + ROMAN_NAMES
                                    + "\\b(?!\\.\\w)",
                            match ->
                                    match.group(1)
                                            + " the "
                                            + EnglishNumbers.ordinal(roman(match.group(2)))),
                    Rule.of(
                            "\\b(?i:(chapter|part|volume|book|section|act|scene|phase|type|war|stage|appendix)) "
                                    + ROMAN_NAMES
                                    + "\\b",
                            match ->
                                    match.group(1)
                                            + " "
                                            + EnglishNumbers.cardinal(roman(match.group(2)))));

    static final List<Rule> NUMBERS =
            List.of(
                    Rule.of(
                            "(?<![\\w.,])(\\d{1,6})(?:st|nd|rd|th)\\b",
                            match -> EnglishNumbers.ordinal(Long.parseLong(match.group(1)))),
                    Rule.of(
                            "(?<![\\w.])([vV]?)(\\d{1,4}(?:\\.\\d{1,4}){2,6})(?![\\w.]*\\d)",
                            EnglishRules::version),
                    Rule.of(
                            "(?<![\\w.,/-])(\\d{1,3})/(\\d{1,3})(?![\\w/])",
                            EnglishRules::fraction),
                    Rule.of(
                            "(?<![\\w.,-])("
                                    + NUMBER
                                    + ") ?[-–] ?("
                                    + NUMBER
                                    + ")(?![\\w-]|[.,]\\d)",
                            match -> plain(match.group(1)) + " to " + plain(match.group(2))),
                    Rule.of(
                            "(?<![\\w.,])([-−+]?" + NUMBER + ")%",
                            match -> EnglishNumbers.number(match.group(1)) + " percent"),
                    Rule.of("(?<![\\w.,])(1[1-9]|20)(\\d)0s\\b", EnglishRules::decade),
                    Rule.of("(?<![\\w.,])([-−]?" + NUMBER + ")([KkMB])\\b", EnglishRules::scaled),
                    Rule.of(
                            "(?<![\\w.,:])(\\d{4})(?![\\w,:]|\\.\\d)",
                            match -> plain(match.group(1))),
                    Rule.of(
                            "(?<![\\w.,]|\\d[ ])[-−](" + NUMBER + ")(?![\\w]|[.,]\\d)",
                            match -> "minus " + EnglishNumbers.number(match.group(1))),
                    Rule.of(
                            "(?<![\\w.,])(\\.\\d{1,12})(?!\\w)",
                            match -> EnglishNumbers.number(match.group(1))),
                    Rule.of("(?<!\\d)(" + NUMBER + ")(?!\\d)", match -> spaced(match)));

    private EnglishRules() {}

    private static int roman(String numeral) {
        return ROMAN.getOrDefault(numeral, 0);
    }

    private static String month(String name) {
        for (String month : MONTHS) {
            if (month.startsWith(name.substring(0, 3))) {
                return month;
            }
        }
        return name;
    }

    private static @Nullable String isoDate(MatchResult match) {
        int month = Integer.parseInt(match.group(2));
        int day = Integer.parseInt(match.group(3));
        if (month < 1 || month > 12 || day < 1 || day > 31) {
            return null;
        }
        return MONTHS.get(month - 1)
                + " "
                + EnglishNumbers.ordinal(day)
                + ", "
                + plain(match.group(1));
    }

    private static @Nullable String monthDay(MatchResult match) {
        int day = Integer.parseInt(match.group(2));
        if (day < 1 || day > 31) {
            return null;
        }
        String year = match.group(4);
        return month(match.group(1))
                + " "
                + EnglishNumbers.ordinal(day)
                + (year == null ? "" : ", " + plain(year));
    }

    private static @Nullable String dayMonth(MatchResult match) {
        int day = Integer.parseInt(match.group(1));
        if (day < 1 || day > 31) {
            return null;
        }
        String year = match.group(3);
        return "the "
                + EnglishNumbers.ordinal(day)
                + " of "
                + month(match.group(2))
                + (year == null ? "" : ", " + plain(year));
    }

    private static String half(String letter) {
        return letter.equalsIgnoreCase("a") ? " a.m." : " p.m.";
    }

    private static String time(MatchResult match) {
        int minutes = Integer.parseInt(match.group(2));
        String hours = EnglishNumbers.cardinal(Integer.parseInt(match.group(1)));
        String half = match.group(4) == null ? "" : half(match.group(4));
        String spoken =
                minutes == 0
                        ? half.isEmpty() && match.group(3) == null ? hours + " o'clock" : hours
                        : hours + (minutes < 10 ? " oh " : " ") + EnglishNumbers.cardinal(minutes);
        if (match.group(3) != null) {
            spoken +=
                    " and "
                            + EnglishNumbers.cardinal(Integer.parseInt(match.group(3)))
                            + " seconds";
        }
        return spoken + half;
    }

    private static String money(MatchResult match) {
        String number = match.group(3).replace(",", "");
        String scale = match.group(4);
        String sign = match.group(1) == null ? "" : "minus ";
        String unit =
                switch (match.group(2)) {
                    case "$" -> "dollar";
                    case "£" -> "pound";
                    case "€" -> "euro";
                    default -> "yen";
                };
        String many = unit.equals("yen") ? unit : unit + "s";
        if (scale != null) {
            String word =
                    switch (scale) {
                        case "k", "K" -> "thousand";
                        case "m", "M" -> "million";
                        case "b", "B", "bn" -> "billion";
                        default -> scale;
                    };
            return sign + EnglishNumbers.number(number) + " " + word + " " + many;
        }
        int point = number.indexOf('.');
        if (point < 0) {
            return sign
                    + EnglishNumbers.cardinal(number)
                    + " "
                    + (number.equals("1") ? unit : many);
        }
        String fraction = number.substring(point + 1);
        if (fraction.length() != 2) {
            return sign + EnglishNumbers.number(number) + " " + many;
        }
        String whole = number.substring(0, point);
        int cents = Integer.parseInt(fraction);
        String small =
                unit.equals("pound")
                        ? cents == 1 ? "penny" : "pence"
                        : cents == 1 ? "cent" : "cents";
        String large = EnglishNumbers.cardinal(whole) + " " + (whole.equals("1") ? unit : many);
        if (cents == 0) {
            return sign + large;
        }
        String rest = EnglishNumbers.cardinal(cents) + " " + small;
        return whole.equals("0") ? sign + rest : sign + large + " and " + rest;
    }

    private static String version(MatchResult match) {
        StringBuilder words = new StringBuilder(match.group(1).isEmpty() ? "" : "v ");
        String[] parts = match.group(2).split("\\.");
        for (int i = 0; i < parts.length; i++) {
            words.append(i == 0 ? "" : " point ").append(EnglishNumbers.cardinal(parts[i]));
        }
        return words.toString();
    }

    private static String fraction(MatchResult match) {
        int top = Integer.parseInt(match.group(1));
        int bottom = Integer.parseInt(match.group(2));
        if (top == 0 || top >= bottom || bottom > 20 || bottom < 2) {
            return EnglishNumbers.cardinal(top) + " over " + EnglishNumbers.cardinal(bottom);
        }
        String part =
                bottom == 2
                        ? top == 1 ? "half" : "halves"
                        : bottom == 4 ? "quarter" : EnglishNumbers.ordinal(bottom);
        return EnglishNumbers.cardinal(top) + " " + (top > 1 && bottom != 2 ? part + "s" : part);
    }

    private static String decade(MatchResult match) {
        String tens = EnglishNumbers.cardinal(Integer.parseInt(match.group(2)) * 10L);
        if (match.group(2).equals("0")) {
            return EnglishNumbers.cardinal(Integer.parseInt(match.group(1))) + " hundreds";
        }
        String plural =
                match.group(2).equals("1") ? "tens" : tens.substring(0, tens.length() - 1) + "ies";
        return EnglishNumbers.cardinal(Integer.parseInt(match.group(1))) + " " + plural;
    }

    private static String scaled(MatchResult match) {
        String scale =
                switch (match.group(2)) {
                    case "K", "k" -> "thousand";
                    case "M" -> "million";
                    default -> "billion";
                };
        return EnglishNumbers.number(match.group(1)) + " " + scale;
    }

    /** A number by itself; four digits that look like a year are read as one. */
    private static String plain(String number) {
        if (number.length() == 4 && number.chars().allMatch(Character::isDigit)) {
            int value = Integer.parseInt(number);
            if (value > 1500 && value < 2100 && value % 1000 > 9) {
                return EnglishNumbers.year(value);
            }
        }
        return EnglishNumbers.number(number);
    }

    /** A number that stands against letters ({@code 10S}) is set apart from them. */
    private static String spaced(MatchResult match) {
        return " " + EnglishNumbers.number(match.group(1)) + " ";
    }
}
