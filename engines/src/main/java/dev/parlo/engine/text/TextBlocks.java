package dev.parlo.engine.text;

import java.util.Iterator;
import java.util.NoSuchElementException;

/**
 * Cuts a text of any length into blocks that can be worked on one after the other: lines (a
 * hard-wrapped line is joined with the next), and of a very long line pieces that end with a
 * sentence or at least between two words. Linear in the length of the text; every character is in
 * exactly one block. Not thread-safe.
 */
final class TextBlocks implements Iterator<MappedText> {
    /** No block is longer, so that no later step can take long over one. */
    static final int MAX_LENGTH = 2000;

    /** A line shorter than this ends where its author ended it. */
    private static final int WRAPPED_LENGTH = 50;

    private final String text;
    private final Slice slice;
    private int at;

    /** Cuts a range out of the text. */
    private interface Slice {
        MappedText of(int from, int to);
    }

    private TextBlocks(String text, Slice slice) {
        this.text = text;
        this.slice = slice;
    }

    /** The blocks of a part of a source. */
    static TextBlocks of(String source, int start, int end) {
        return new TextBlocks(
                source.substring(start, end),
                (from, to) -> MappedText.of(source, start + from, start + to));
    }

    /** The blocks of a text that was rewritten already. */
    static TextBlocks of(MappedText text) {
        return new TextBlocks(text.text(), text::sub);
    }

    @Override
    public boolean hasNext() {
        return at < text.length();
    }

    @Override
    public MappedText next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        int from = at;
        int limit = Math.min(text.length(), from + MAX_LENGTH);
        int lineStart = from;
        for (int i = from; i < limit; i++) {
            if (text.charAt(i) == '\n') {
                if (!wrapped(lineStart, i)) {
                    at = i + 1;
                    return slice.of(from, at);
                }
                lineStart = i + 1;
            }
        }
        at = limit == text.length() ? limit : cut(from, limit);
        return slice.of(from, at);
    }

    /** Whether a line goes on in the next one: long, no end of a sentence, then a small letter. */
    private boolean wrapped(int lineStart, int newline) {
        if (newline - lineStart < WRAPPED_LENGTH || newline + 1 >= text.length()) {
            return false;
        }
        return Character.isLowerCase(text.codePointAt(newline + 1))
                && ".!?:;…。！？".indexOf(text.charAt(newline - 1)) < 0;
    }

    private int cut(int from, int limit) {
        int space = -1;
        for (int i = limit - 1; i > from + MAX_LENGTH / 2; i--) {
            char c = text.charAt(i);
            if (Character.isWhitespace(c)) {
                if (".!?…".indexOf(text.charAt(i - 1)) >= 0) {
                    return i + 1;
                }
                if (space < 0) {
                    space = i + 1;
                }
            } else if ("。！？".indexOf(c) >= 0) {
                return i + 1;
            }
        }
        if (space > 0) {
            return space;
        }
        return Character.isHighSurrogate(text.charAt(limit - 1)) ? limit - 1 : limit;
    }
}
