package dev.parlo.engine.text;

import dev.parlo.engine.SpokenText;
import dev.parlo.engine.SpokenWord;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Turns times of spoken pieces into times of the words that the request wrote: what was written out
 * ("$2.50" as five words) comes back as the one word that it was, with its punctuation.
 */
public final class SourceWords {
    private static final Pattern LINK = Pattern.compile("\\]\\([^()\\s]{0,500}\\)?");
    private static final Pattern EMPHASIS =
            Pattern.compile("(?<![\\p{L}\\p{N}])[*_]{1,8}|[*_]{1,8}(?![\\p{L}\\p{N}])|`{1,8}|~~");

    private SourceWords() {}

    /** Marks of sentences that no space follows; they go with the word before them. */
    private static final String MARKS = "、。，！？；：";

    /** A "word" of a million letters is not looked for its ends. */
    private static final int REACH = 200;

    /**
     * A spoken piece.
     *
     * @param start where it begins in the source
     * @param end where it ends in the source
     * @param said how it is written out
     * @param startSeconds from the start of the speech
     * @param endSeconds from the start of the speech
     */
    public record TimedRange(
            int start, int end, String said, double startSeconds, double endSeconds) {
        /** The same, later. */
        public TimedRange later(double seconds) {
            return new TimedRange(start, end, said, startSeconds + seconds, endSeconds + seconds);
        }
    }

    /** What was said for the pieces; for given phonemes it is the word that they stand for. */
    public static List<SpokenText> said(String source, List<TimedRange> pieces) {
        List<SpokenText> said = new ArrayList<>();
        for (TimedRange piece : pieces) {
            boolean phonemes = piece.said().codePoints().anyMatch(Pronunciations::isMark);
            String text =
                    phonemes ? plain(source.substring(piece.start(), piece.end())) : piece.said();
            if (!text.isBlank()) {
                said.add(new SpokenText(text.strip(), piece.startSeconds(), piece.endSeconds()));
            }
        }
        return said;
    }

    /** The words of the source that the pieces, in order, belong to. */
    public static List<SpokenWord> of(String source, List<TimedRange> pieces) {
        List<SpokenWord> words = new ArrayList<>();
        int from = -1;
        int to = -1;
        double start = 0;
        double end = 0;
        for (TimedRange piece : pieces) {
            int pieceFrom = wordStart(source, piece.start());
            int pieceTo =
                    Math.max(pieceFrom, wordEnd(source, Math.max(piece.end(), piece.start())));
            if (from >= 0 && pieceFrom < to) {
                to = Math.max(to, pieceTo);
                end = Math.max(end, piece.endSeconds());
                continue;
            }
            add(words, source, from, to, start, end);
            from = pieceFrom;
            to = pieceTo;
            start = piece.startSeconds();
            end = Math.max(start, piece.endSeconds());
        }
        add(words, source, from, to, start, end);
        return words;
    }

    /** The words of a range; what was said for several in one go is shared by their lengths. */
    private static void add(
            List<SpokenWord> words, String source, int from, int to, double start, double end) {
        if (from < 0) {
            return;
        }
        List<SpokenWord> parts = new ArrayList<>();
        int all = 0;
        for (int i = from; i < to; ) {
            int next = i;
            while (next < to && !between(source.charAt(next))) {
                next++;
            }
            String word = plain(source.substring(i, next));
            // in "Ok 👍!" the emoji stands between a word and its mark
            boolean alone = i == from && next == to;
            if (!word.isEmpty() && (alone || word.codePoints().anyMatch(SourceWords::heard))) {
                parts.add(new SpokenWord(word, i, next, start, end));
                all += word.length();
            }
            i = next + 1;
        }
        double at = start;
        for (SpokenWord word : parts) {
            double until = at + (end - start) * word.text().length() / all;
            words.add(new SpokenWord(word.text(), word.from(), word.to(), at, until));
            at = until;
        }
    }

    /** Whether a character may be said, unlike marks and pictures. */
    private static boolean heard(int c) {
        int type = Character.getType(c);
        return Character.isLetterOrDigit(c)
                || type == Character.CURRENCY_SYMBOL
                || type == Character.MATH_SYMBOL;
    }

    /** White space, and the lines between the cells of a table. */
    private static boolean between(char c) {
        return Character.isWhitespace(c) || c == '|';
    }

    /** Without Markdown and HTML, a pronunciation behind it and a pause beside it. */
    private static String plain(String word) {
        String spoken = HtmlCleaner.plain(word).strip();
        if (word.indexOf('[') >= 0 || word.indexOf(']') >= 0) {
            spoken = TextReader.INLINE.matcher(spoken).replaceAll("$1");
            spoken = TextReader.PAUSE.matcher(spoken).replaceAll("");
            spoken = LINK.matcher(spoken).replaceAll("");
            spoken = spoken.replaceFirst("^[(\"'“‘]?!?\\[", "");
        }
        if (spoken.chars().anyMatch(c -> "*_`~".indexOf(c) >= 0)) {
            spoken = EMPHASIS.matcher(spoken).replaceAll("");
        }
        return spoken;
    }

    private static int wordStart(String source, int at) {
        int i = Math.min(at, source.length());
        if (i < source.length() && alone(source.charAt(i))) {
            return i;
        }
        int least = Math.max(0, i - REACH);
        while (i > least
                && !between(source.charAt(i - 1))
                && !ends(source.charAt(i - 1))
                && !HtmlCleaner.closes(source, i)) {
            i--;
        }
        return i;
    }

    private static int wordEnd(String source, int at) {
        int i = Math.min(at, source.length());
        // the full stop that a tag was read as is no part of the word before it
        while (i > 0 && HtmlCleaner.closes(source, i)) {
            i = source.lastIndexOf('<', i - 1);
        }
        int most = Math.min(source.length(), i + REACH);
        if (i == 0 || !alone(source.charAt(i - 1))) {
            while (i < most
                    && !between(source.charAt(i))
                    && !ends(source.charAt(i))
                    && !HtmlCleaner.opens(source, i)) {
                i++;
            }
        }
        while (i < most && MARKS.indexOf(source.charAt(i)) >= 0) {
            i++;
        }
        return i;
    }

    /** What no word goes on behind where there are no spaces. */
    private static boolean ends(char c) {
        return alone(c) || MARKS.indexOf(c) >= 0;
    }

    /** Scripts that put no space between words. */
    static boolean alone(char c) {
        return Character.isIdeographic(c) || c >= 0x3040 && c <= 0x30FF;
    }
}
