package dev.parlo.server.speech;

import java.text.BreakIterator;
import java.util.Locale;

/**
 * Collects text that comes in pieces and gives it out by whole sentences. Nothing is lost but space
 * at the beginning. Used by one thread.
 */
public final class SentenceBuffer {
    /** A sentence that is longer is given out in parts. */
    static final int LONGEST = 4096;

    static final String MARKS = ".!?…";
    static final String WIDE_MARKS = "。！？";

    private final StringBuilder text = new StringBuilder();

    public void add(String piece) {
        // A lone blank is how some clients say that they are still there.
        text.append(text.isEmpty() ? piece.stripLeading() : piece);
    }

    /** Characters that wait. */
    public int length() {
        return text.length();
    }

    /** Everything. */
    public String all() {
        return cut(text.length());
    }

    /** All whole sentences; empty for none. */
    public String sentences() {
        return sentences(1);
    }

    /** All whole sentences, where together they are at least so long; else empty. */
    public String sentences(int least) {
        BreakIterator boundaries = BreakIterator.getSentenceInstance(Locale.ROOT);
        boundaries.setText(text.toString());
        int last = boundaries.last();
        // The end of the text may be the middle of a sentence.
        int end = ended() ? last : boundaries.previous();
        if (end != BreakIterator.DONE && end >= Math.max(1, least)) {
            return cut(end);
        }
        if (text.length() < LONGEST) {
            return "";
        }
        String words = words();
        return words.isEmpty() ? all() : words;
    }

    /** All whole words; everything where the script has no blanks; empty for less than one. */
    public String words() {
        for (int i = text.length(); i > 0; i--) {
            if (Character.isWhitespace(text.charAt(i - 1))) {
                return cut(i);
            }
        }
        return text.codePoints().anyMatch(Character::isIdeographic) ? all() : "";
    }

    /** Whether the text ends with one of these marks, space aside. */
    public boolean endsWithOneOf(String marks) {
        String stripped = text.toString().stripTrailing();
        return !stripped.isEmpty() && marks.indexOf(stripped.charAt(stripped.length() - 1)) >= 0;
    }

    /** A mark and space after it, since the mark alone may be the point of a number. */
    private boolean ended() {
        boolean spaced = !text.isEmpty() && Character.isWhitespace(text.charAt(text.length() - 1));
        return endsWithOneOf(spaced ? MARKS + WIDE_MARKS : WIDE_MARKS)
                || (spaced && text.charAt(text.length() - 1) == '\n');
    }

    private String cut(int end) {
        String cut = text.substring(0, end);
        String rest = text.substring(end).stripLeading();
        text.setLength(0);
        text.append(rest);
        return cut;
    }
}
