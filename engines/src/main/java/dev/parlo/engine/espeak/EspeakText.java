package dev.parlo.engine.espeak;

import java.util.Arrays;

/**
 * A text in the form in which libespeak-ng can take it. The library keeps what it works on in
 * buffers of a fixed size (160 bytes for the letters of a word, 200 for its phonemes) and does not
 * check all of them, so that a text of a client could end the process. Immutable.
 *
 * <ul>
 *   <li>A word of more than {@value #MAX_WORD_BYTES} bytes is taken apart.
 *   <li>Full stops between dozens of letters ({@code "a.b.c.d. …"}, {@code "a .b .c"}), which
 *       overrun a buffer of 80 bytes, become spaces after the first {@value #MAX_STOPS}.
 *   <li>Control characters and the rarer spaces become plain spaces: 0 ends a text, 1 begins a
 *       command that changes the voice, 2 is what the library itself marks the beginning of
 *       phonemes with.
 *   <li>{@code [[} begins phonemes only where the caller has put it there.
 * </ul>
 *
 * @param text what the library is given
 * @param sources for each UTF-16 unit of {@code text} its place in the original text
 */
record EspeakText(String text, int[] sources) {
    /** UTF-8 bytes of a word; the library's buffer has 160. */
    static final int MAX_WORD_BYTES = 100;

    /** In one abbreviation or address; the library fails near 20 letters of four bytes. */
    static final int MAX_STOPS = 12;

    /** Words of one call; the library counts those of a clause up to 300 and drops the rest. */
    private static final int MAX_WORDS = 250;

    /**
     * Where the part of a text ends that one call of the library can take: at the end of the text,
     * else behind a space or a bracket, if there is one in the second half of what fits.
     *
     * @param from where the part begins
     * @param maxBytes the most UTF-8 bytes of the part
     * @param brackets as for {@link #of}; no bracket is taken apart
     */
    static int partEnd(String text, int from, int maxBytes, boolean brackets) {
        int bytes = 0;
        int words = 0;
        int cut = from;
        int previous = ' ';
        for (int i = from; i < text.length(); ) {
            int next = i + Character.charCount(text.codePointAt(i));
            if (brackets && text.startsWith("[[", i)) {
                cut = i;
                int end = text.indexOf("]]", i);
                next = end < 0 ? text.length() : end + 2;
            }
            int c = text.codePointBefore(next);
            for (int k = i; k < next; k += Character.charCount(text.codePointAt(k))) {
                bytes += utf8Bytes(text.codePointAt(k));
            }
            words += continues(previous, c) ? 0 : 1;
            if (bytes > maxBytes || words > MAX_WORDS) {
                return cut > from + (i - from) / 2 ? cut : i > from ? i : next;
            }
            if (Character.isWhitespace(c) || next > i + 2) {
                cut = next;
            }
            previous = c;
            i = next;
        }
        return text.length();
    }

    /**
     * Whether a letter belongs to the word of the one before it. What the library takes for a word
     * depends on the language; this counts rather too many.
     */
    private static boolean continues(int before, int c) {
        return Character.isLetter(before)
                && Character.isLetter(c)
                && !Character.isIdeographic(c)
                && !(Character.isUpperCase(c) && Character.isLowerCase(before))
                && Character.UnicodeScript.of(c) == Character.UnicodeScript.of(before);
    }

    /**
     * Makes a text fit.
     *
     * @param brackets whether {@code [[…]]} in the text are phonemes that {@link EspeakMnemonics}
     *     wrote; they stay as they are
     */
    static EspeakText of(String original, boolean brackets) {
        StringBuilder text = new StringBuilder(original.length() + 16);
        int[] sources = new int[original.length() + original.length() / 16 + 16];
        Stops stops = new Stops();
        int bytes = 0;
        for (int i = 0; i < original.length(); ) {
            if (brackets && original.startsWith("[[", i)) {
                int end = original.indexOf("]]", i);
                end = end < 0 ? original.length() : end + 2;
                sources = keep(original, i, end, text, sources);
                i = end;
                bytes = 0;
                continue;
            }
            int c = original.codePointAt(i);
            int next = i + Character.charCount(c);
            int size = utf8Bytes(c);
            boolean space = c == ' ' || c == '\n' || c == '\t' || c == '\r';
            if (!space && (Character.isISOControl(c) || Character.isWhitespace(c))
                    || stops.tooMany(c, space)
                    || c == '[' && !text.isEmpty() && text.charAt(text.length() - 1) == '[') {
                text.append(' ');
                sources = note(sources, text.length(), i);
                bytes = 0;
                i = next;
                continue;
            }
            if (space) {
                bytes = 0;
            } else if (bytes + size > (combines(c) ? MAX_WORD_BYTES + 20 : MAX_WORD_BYTES)) {
                // accents stay with their letter, unless there are too many of them
                text.append(' ');
                sources = note(sources, text.length(), i);
                bytes = size;
            } else {
                bytes += size;
            }
            sources = keep(original, i, next, text, sources);
            i = next;
        }
        return new EspeakText(text.toString(), Arrays.copyOf(sources, text.length()));
    }

    /**
     * Counts the full stops of an abbreviation: those of one word, and those between which stand
     * single letters, with spaces or without.
     */
    private static final class Stops {
        private int count;
        private int since;
        private boolean spaced;

        boolean tooMany(int c, boolean space) {
            if (c != '.') {
                since += space ? 0 : 1;
                spaced |= space;
                return false;
            }
            count = spaced && since > 1 ? 1 : count + 1;
            since = 0;
            spaced = false;
            // all further ones: of two that stand together one would be enough for the library
            return count > MAX_STOPS;
        }
    }

    /** The place in the original text of a place in this one, its end included. */
    int source(int at) {
        return at < sources.length
                ? sources[at]
                : sources.length == 0 ? 0 : sources[sources.length - 1] + 1;
    }

    private static int[] keep(String from, int start, int end, StringBuilder text, int[] sources) {
        int[] noted = sources;
        for (int i = start; i < end; i++) {
            text.append(from.charAt(i));
            noted = note(noted, text.length(), i);
        }
        return noted;
    }

    private static int[] note(int[] sources, int length, int source) {
        int[] noted =
                length > sources.length ? Arrays.copyOf(sources, sources.length * 2) : sources;
        noted[length - 1] = source;
        return noted;
    }

    private static boolean combines(int c) {
        int type = Character.getType(c);
        return type == Character.NON_SPACING_MARK
                || type == Character.COMBINING_SPACING_MARK
                || type == Character.ENCLOSING_MARK;
    }

    private static int utf8Bytes(int c) {
        return c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    }
}
