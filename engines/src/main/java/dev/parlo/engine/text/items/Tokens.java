package dev.parlo.engine.text.items;

import java.util.Arrays;

/**
 * A text as runs of letters, runs of digits, runs of white space and single signs. Every index may
 * be asked for, also outside the text, where there is only {@link Kind#EDGE}: rules look around
 * without checks. Immutable.
 */
final class Tokens {
    /** What a token is made of. */
    enum Kind {
        WORD,
        NUMBER,
        SPACE,
        SIGN,
        EDGE
    }

    private final String text;
    private final int[] starts;
    private final Kind[] kinds;
    private final int size;

    private Tokens(String text, int[] starts, Kind[] kinds, int size) {
        this.text = text;
        this.starts = starts;
        this.kinds = kinds;
        this.size = size;
    }

    static Tokens of(String text) {
        int[] starts = new int[16];
        Kind[] kinds = new Kind[16];
        int size = 0;
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            Kind kind = kindOf(c);
            boolean goesOn = size > 0 && kind != Kind.SIGN && kind == kinds[size - 1];
            if (!goesOn) {
                if (size + 1 >= starts.length) {
                    starts = Arrays.copyOf(starts, size * 2);
                    kinds = Arrays.copyOf(kinds, size * 2);
                }
                starts[size] = i;
                kinds[size++] = kind;
            }
            i += Character.charCount(c);
        }
        starts[size] = text.length();
        return new Tokens(text, starts, kinds, size);
    }

    private static Kind kindOf(int c) {
        if (Character.isWhitespace(c) || Character.isSpaceChar(c)) {
            return Kind.SPACE;
        }
        if (Character.isDigit(c)) {
            return Kind.NUMBER;
        }
        int type = Character.getType(c);
        boolean mark =
                type == Character.NON_SPACING_MARK || type == Character.COMBINING_SPACING_MARK;
        return Character.isLetter(c) && !superscript(c) || mark ? Kind.WORD : Kind.SIGN;
    }

    /** {@code 2ª}, {@code xⁿ}: letters that are signs in what a number is written with. */
    private static boolean superscript(int c) {
        return c == 'ª' || c == 'º' || c == 'ⁿ';
    }

    String all() {
        return text;
    }

    int size() {
        return size;
    }

    Kind kind(int index) {
        return index < 0 || index >= size ? Kind.EDGE : kinds[index];
    }

    /** The text of a token; empty outside. */
    String text(int index) {
        return index < 0 || index >= size ? "" : text.substring(starts[index], starts[index + 1]);
    }

    int length(int index) {
        return index < 0 || index >= size ? 0 : starts[index + 1] - starts[index];
    }

    /** Where a token begins in the text. */
    int start(int index) {
        return starts[Math.clamp(index, 0, size)];
    }

    boolean is(int index, char sign) {
        return index >= 0
                && index < size
                && starts[index + 1] - starts[index] == 1
                && text.charAt(starts[index]) == sign;
    }

    boolean is(int index, String wanted) {
        return index >= 0
                && index < size
                && starts[index + 1] - starts[index] == wanted.length()
                && text.startsWith(wanted, starts[index]);
    }

    /** Whether a token is one of some signs. */
    boolean in(int index, String signs) {
        return index >= 0
                && index < size
                && starts[index + 1] - starts[index] == 1
                && signs.indexOf(text.charAt(starts[index])) >= 0;
    }

    boolean word(int index) {
        return kind(index) == Kind.WORD;
    }

    boolean number(int index) {
        return kind(index) == Kind.NUMBER;
    }

    boolean space(int index) {
        return kind(index) == Kind.SPACE;
    }

    boolean capitalised(int index) {
        return word(index) && Character.isUpperCase(text.codePointAt(starts[index]));
    }

    /** A word of capitals only, of two letters at least. */
    boolean capitals(int index) {
        return word(index)
                && length(index) > 1
                && text.substring(starts[index], starts[index + 1])
                        .codePoints()
                        .allMatch(Character::isUpperCase);
    }

    /** The index after white space, if there is some. */
    int skipSpace(int index) {
        return space(index) ? index + 1 : index;
    }

    /** The index before white space, if there is some. */
    int backOverSpace(int index) {
        return space(index) ? index - 1 : index;
    }

    /** The first index that begins at or behind a place in the text. */
    int indexAt(int place) {
        int found = Arrays.binarySearch(starts, 0, size + 1, place);
        return found >= 0 ? found : -found - 1;
    }
}
