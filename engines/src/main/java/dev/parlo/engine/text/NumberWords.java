package dev.parlo.engine.text;

import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Numbers of a language in which every digit is a word of its own, such as Japanese and Mandarin.
 *
 * @param digits the words of 0 to 9
 * @param point the word of a decimal point
 * @param longest whole numbers of more digits are read digit by digit, as are those that begin with
 *     a zero
 * @param cardinal reads a whole number without a leading zero
 */
record NumberWords(List<String> digits, String point, int longest, UnaryOperator<String> cardinal) {
    /** A group of a pattern that {@link #number} reads. Every repetition is bounded. */
    static final String NUMBER =
            "(\\d{1,3}(?:,\\d{3}){1,6}(?:\\.\\d{1,20})?|\\d{1,40}(?:\\.\\d{1,20})?)";

    /** A pattern of three or more numbers with points between them. */
    static final String VERSION = "(?<![\\d.])\\d{1,6}(?:\\.\\d{1,6}){2,7}(?![\\d.]*\\d)";

    /** A pattern of a date, in groups of year, month and day. */
    static final String DATE = "(?<!\\d)(\\d{4})[-/](\\d{1,2})[-/](\\d{1,2})(?!\\d)";

    /** A pattern of a time of day, in groups of hour, minute and perhaps second. */
    static final String CLOCK = "(?<!\\d)([01]?\\d|2[0-4]):([0-5]\\d)(?::([0-5]\\d))?(?!\\d)";

    NumberWords {
        digits = List.copyOf(digits);
    }

    /** Digit by digit; what is no digit is left out. */
    String spelled(String text) {
        StringBuilder words = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            int digit = Character.digit(text.charAt(i), 10);
            if (digit >= 0) {
                words.append(digits.get(digit));
            }
        }
        return words.toString();
    }

    /** A number, perhaps with commas and a decimal point. */
    String number(String text) {
        String plain = text.replace(",", "");
        int at = plain.indexOf('.');
        String whole = at < 0 ? plain : plain.substring(0, at);
        boolean zero = whole.length() > 1 && whole.charAt(0) == '0';
        String words = whole.length() > longest || zero ? spelled(whole) : cardinal.apply(whole);
        return at < 0 ? words : words + point + spelled(plain.substring(at + 1));
    }

    /** The number of a date or a time, which may be padded with a zero. */
    static String unpadded(String digits) {
        return digits.length() > 1 && digits.charAt(0) == '0' ? digits.substring(1) : digits;
    }
}
