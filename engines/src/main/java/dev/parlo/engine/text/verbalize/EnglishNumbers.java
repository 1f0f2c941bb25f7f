package dev.parlo.engine.text.verbalize;

import java.util.List;
import java.util.Map;

/**
 * English number words, without commas, which would be heard as pauses; with "and" before the tens
 * where the British have it. Immutable.
 */
final class EnglishNumbers {
    private static final List<String> SMALL =
            List.of(
                    "zero",
                    "one",
                    "two",
                    "three",
                    "four",
                    "five",
                    "six",
                    "seven",
                    "eight",
                    "nine",
                    "ten",
                    "eleven",
                    "twelve",
                    "thirteen",
                    "fourteen",
                    "fifteen",
                    "sixteen",
                    "seventeen",
                    "eighteen",
                    "nineteen");
    private static final List<String> TENS =
            List.of(
                    "", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty",
                    "ninety");
    private static final List<String> SCALES =
            List.of("", " thousand", " million", " billion", " trillion", " quadrillion");
    private static final Map<String, String> ORDINALS =
            Map.of(
                    "one", "first", "two", "second", "three", "third", "five", "fifth", "eight",
                    "eighth", "nine", "ninth", "twelve", "twelfth");
    private static final int MAX_DIGITS = 18;

    private final String and;

    /**
     * @param british whether there is an "and" behind hundreds
     */
    EnglishNumbers(boolean british) {
        this.and = british ? " and " : " ";
    }

    /**
     * A whole number; one of more than 18 digits, or with a leading zero, is read digit by digit.
     */
    String cardinal(String digits) {
        if (digits.length() > MAX_DIGITS || digits.length() > 1 && digits.charAt(0) == '0') {
            return digits(digits);
        }
        return cardinal(Long.parseLong(digits));
    }

    String cardinal(long value) {
        if (value < 1000) {
            return belowThousand((int) value);
        }
        StringBuilder words = new StringBuilder();
        long rest = value;
        long unit = 1_000_000_000_000_000L;
        for (int scale = SCALES.size() - 1; scale >= 0; scale--) {
            int group = (int) (rest / unit);
            if (group > 0) {
                boolean last = scale == 0 && group < 100;
                words.append(words.isEmpty() ? "" : last ? and : " ")
                        .append(belowThousand(group))
                        .append(SCALES.get(scale));
            }
            rest %= unit;
            unit /= 1000;
        }
        return words.toString();
    }

    private String belowThousand(int value) {
        if (value < 20) {
            return SMALL.get(value);
        }
        if (value < 100) {
            String tens = TENS.get(value / 10);
            return value % 10 == 0 ? tens : tens + "-" + SMALL.get(value % 10);
        }
        String hundreds = SMALL.get(value / 100) + " hundred";
        return value % 100 == 0 ? hundreds : hundreds + and + belowThousand(value % 100);
    }

    /** 21 as "twenty-first". */
    String ordinal(long value) {
        return ordinalOf(cardinal(value));
    }

    /** The same of digits, of which there may be many. */
    String ordinal(String digits) {
        return ordinalOf(cardinal(digits));
    }

    private String ordinalOf(String words) {
        int cut = Math.max(words.lastIndexOf(' '), words.lastIndexOf('-')) + 1;
        String last = words.substring(cut);
        String ordinal = ORDINALS.get(last);
        if (ordinal == null) {
            ordinal =
                    last.endsWith("y")
                            ? last.substring(0, last.length() - 1) + "ieth"
                            : last + "th";
        }
        return words.substring(0, cut) + ordinal;
    }

    /** 1984 as "nineteen eighty-four". */
    String year(int year) {
        int century = year / 100;
        int rest = year % 100;
        if (year >= 2000 && year < 2010 || year % 1000 == 0) {
            return cardinal(year);
        }
        if (rest == 0) {
            return belowThousand(century) + " hundred";
        }
        return belowThousand(century) + (rest < 10 ? " oh " : " ") + belowThousand(rest);
    }

    /** Digit by digit. */
    static String digits(String digits) {
        StringBuilder words = new StringBuilder();
        for (int i = 0; i < digits.length(); i++) {
            int digit = Character.digit(digits.charAt(i), 10);
            if (digit >= 0) {
                words.append(words.isEmpty() ? "" : " ").append(SMALL.get(digit));
            }
        }
        return words.toString();
    }
}
