package dev.parlo.engine.text;

import dev.parlo.engine.SpokenWord;
import java.util.ArrayList;
import java.util.List;

/**
 * Turns times of spoken pieces into times of the words that the request wrote: what was written out
 * ("$2.50" as five words) comes back as the one word that it was, with its punctuation.
 */
public final class SourceWords {
    private static final String MARKUP = "*_`~#[]";

    private SourceWords() {}

    /** A "word" of a million letters is not looked for its ends. */
    private static final int REACH = 200;

    /**
     * A spoken piece.
     *
     * @param start where it begins in the source
     * @param end where it ends in the source
     * @param startSeconds from the start of the speech
     * @param endSeconds from the start of the speech
     */
    public record Piece(int start, int end, double startSeconds, double endSeconds) {}

    /** The words of the source that the pieces, in order, belong to. */
    public static List<SpokenWord> of(String source, List<Piece> pieces) {
        List<SpokenWord> words = new ArrayList<>();
        int from = -1;
        int to = -1;
        double start = 0;
        double end = 0;
        for (Piece piece : pieces) {
            int pieceFrom = wordStart(source, piece.start());
            int pieceTo = wordEnd(source, Math.max(piece.end(), piece.start()));
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

    private static void add(
            List<SpokenWord> words, String source, int from, int to, double start, double end) {
        if (from < 0) {
            return;
        }
        String word = plain(source.substring(from, to));
        int a = 0;
        int b = word.length();
        while (a < b && MARKUP.indexOf(word.charAt(a)) >= 0) {
            a++;
        }
        while (b > a && MARKUP.indexOf(word.charAt(b - 1)) >= 0) {
            b--;
        }
        if (b > a) {
            words.add(new SpokenWord(word.substring(a, b), start, end));
        }
    }

    /** Without a pronunciation behind it and a pause beside it. */
    private static String plain(String word) {
        if (word.indexOf(']') < 0) {
            return word;
        }
        String spoken = TextReader.INLINE.matcher(word).replaceAll("$1");
        return TextReader.PAUSE.matcher(spoken).replaceAll("");
    }

    private static int wordStart(String source, int at) {
        int i = Math.min(at, source.length());
        if (i < source.length() && alone(source.charAt(i))) {
            return i;
        }
        int least = Math.max(0, i - REACH);
        while (i > least
                && !Character.isWhitespace(source.charAt(i - 1))
                && !alone(source.charAt(i - 1))) {
            i--;
        }
        return i;
    }

    private static int wordEnd(String source, int at) {
        int i = Math.min(at, source.length());
        if (i > 0 && alone(source.charAt(i - 1))) {
            return i;
        }
        int most = Math.min(source.length(), i + REACH);
        while (i < most && !Character.isWhitespace(source.charAt(i)) && !alone(source.charAt(i))) {
            i++;
        }
        return i;
    }

    /** Scripts that put no space between words. */
    static boolean alone(char c) {
        return Character.isIdeographic(c) || c >= 0x3040 && c <= 0x30FF;
    }
}
