package dev.parlo.engine.text;

import com.ibm.icu.text.Normalizer2;
import org.jspecify.annotations.Nullable;

/**
 * Brings a text into one form of Unicode: composed letters, and plain ones for those that are there
 * for old encodings or for show (ligatures, double width, mathematical bold). Signs that have words
 * of their own stay: {@code ½ ² ™ №}, spaces, the ellipsis, wide marks of sentences.
 */
final class UnicodeForms {
    private static final Normalizer2 COMPATIBLE = Normalizer2.getNFKCInstance();

    private UnicodeForms() {}

    static MappedText composed(MappedText text) {
        String s = text.text();
        MappedText.Builder builder = null;
        int done = 0;
        for (int i = 0; i < s.length(); ) {
            int end = segment(s, i);
            String form = form(s, i, end);
            if (form != null) {
                if (builder == null) {
                    builder = new MappedText.Builder(text);
                }
                // circled digits are numbers by themselves
                boolean apart = circled(s.codePointAt(i)) && i > 0 && circled(s.codePointBefore(i));
                builder.append(done, i).replace(i, end, apart ? " " + form : form);
                done = end;
            }
            i = end;
        }
        return builder == null ? text : builder.append(done, s.length()).build();
    }

    /** Where a letter with all that may be composed with it ends. */
    private static int segment(String s, int from) {
        int end = from + Character.charCount(s.codePointAt(from));
        while (end < s.length()) {
            int c = s.codePointAt(end);
            if (c < 0x300 || COMPATIBLE.hasBoundaryBefore(c)) {
                break;
            }
            end += Character.charCount(c);
        }
        return end;
    }

    /** The other form of a segment, or null where it stays as it is. */
    private static @Nullable String form(String s, int from, int end) {
        int c = s.codePointAt(from);
        boolean single = end == from + Character.charCount(c);
        if (single) {
            switch (c) {
                case 0x02B9, 0x02BB, 0x02BC, 0x02BD, 0x201B, 0xFF07 -> {
                    return "'";
                }
                case '`', 0xB4, 0x2032 -> {
                    return within(s, from, end) ? "'" : null;
                }
                case 0x200C, 0x200D, 0x2060, 0xFEFF -> {
                    return latin(s, from, end) ? "" : null;
                }
                case 0x200B -> {
                    // others than Latin may end a word with it
                    return latin(s, from, end) ? "" : null;
                }
                case 0x2010, 0x2011 -> {
                    return "-";
                }
                case 0x00AD -> {
                    return "";
                }
                default -> {
                    if (c < 0x2B0 || signs(c)) {
                        return null;
                    }
                }
            }
        }
        String segment = s.substring(from, end);
        String form = COMPATIBLE.normalize(segment);
        return form.equals(segment) ? null : form;
    }

    private static boolean circled(int c) {
        return c >= 0x2460 && c <= 0x249B || c >= 0x2776 && c <= 0x2793;
    }

    /** Whether letters stand on both sides. */
    private static boolean within(String s, int from, int end) {
        return from > 0
                && end < s.length()
                && Character.isLetter(s.codePointBefore(from))
                && Character.isLetter(s.codePointAt(end));
    }

    /** Whether Latin letters or digits stand on both sides. */
    private static boolean latin(String s, int from, int end) {
        return from > 0
                && end < s.length()
                && s.codePointBefore(from) < 0x250
                && s.codePointAt(end) < 0x250
                && Character.isLetterOrDigit(s.codePointBefore(from))
                && Character.isLetterOrDigit(s.codePointAt(end));
    }

    private static boolean signs(int c) {
        return Character.isSpaceChar(c)
                || c >= 0x2024 && c <= 0x2026 // dots
                || c >= 0x2032 && c <= 0x2037 // primes
                || c >= 0x2070 && c <= 0x207F // raised digits
                || c >= 0x2150 && c <= 0x215F // fractions
                || c >= 0x2160 && c <= 0x217F // Roman numerals
                || c == 0x2116 // number
                || c == 0x2120
                || c == 0x2122 // trade marks
                || c == 0xFF01 // ！
                || c == 0xFF0C // ，
                || c == 0xFF1A // ：
                || c == 0xFF1B // ；
                || c == 0xFF1F; // ？
    }
}
