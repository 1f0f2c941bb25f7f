package dev.parlo.engine.speech;

import dev.parlo.engine.text.MappedText;
import dev.parlo.engine.text.Pronunciations;
import dev.parlo.engine.text.SourceWords;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the words of a text in the phonemes that were spoken for it. espeak-ng merges words ("was
 * the" is one group of phonemes), so groups cannot be counted off: the phonemes of each word spoken
 * alone, one after the other, are aligned with those of the whole by edit distance.
 */
public final class WordTimes {
    private WordTimes() {}

    /** A word of the text: from {@code start} to {@code end}. */
    public record Word(int start, int end) {}

    /**
     * A word of the text, from {@code start} to {@code end}, and the phonemes that it has when it
     * is spoken alone.
     */
    public record Spoken(int start, int end, String phonemes) {}

    /** From one second to another. */
    public record Span(double start, double end) {}

    /** The words of a text between white space. */
    public static List<Word> words(String text) {
        List<Word> words = new ArrayList<>();
        int start = -1;
        for (int i = 0; i <= text.length(); i++) {
            boolean space = i == text.length() || Character.isWhitespace(text.charAt(i));
            if (!space && start < 0) {
                start = i;
            } else if (space && start >= 0) {
                words.add(new Word(start, i));
                start = -1;
            }
        }
        return words;
    }

    /**
     * Times of words.
     *
     * @param text the text that was spoken
     * @param words its words, in order
     * @param whole the phonemes that went into the model
     * @param ends where each phoneme ends in seconds, after an entry for where the first begins
     */
    public static List<SourceWords.TimedRange> of(
            MappedText text, List<Spoken> words, String whole, double[] ends) {
        int[] spoken = whole.codePoints().toArray();
        int[] expected =
                words.stream().flatMapToInt(word -> word.phonemes().codePoints()).toArray();
        int[] match = align(expected, spoken);
        List<@Nullable Span> times = new ArrayList<>();
        int at = 0;
        for (Spoken word : words) {
            int count = word.phonemes().codePointCount(0, word.phonemes().length());
            int first = Integer.MAX_VALUE;
            int last = -1;
            for (int k = at; k < at + count; k++) {
                if (match[k] >= 0) {
                    first = Math.min(first, match[k]);
                    last = Math.max(last, match[k]);
                }
            }
            at += count;
            if (last < 0) {
                times.add(null);
                continue;
            }
            double end = ends[last + 1];
            if (last + 1 < spoken.length && spoken[last + 1] == ' ') {
                end = (end + ends[last + 2]) / 2;
            }
            times.add(new Span(ends[first], end));
        }
        return pieces(
                text,
                words.stream().map(word -> new Word(word.start(), word.end())).toList(),
                times);
    }

    /**
     * Times of words, some of which were not heard by themselves: those share the time of the word
     * before them, or of the one behind them where there is none, by their lengths. What holds
     * neither letter nor digit has no time.
     *
     * @param times one for each word, or null
     */
    public static List<SourceWords.TimedRange> pieces(
            MappedText text, List<Word> words, List<@Nullable Span> times) {
        List<SourceWords.TimedRange> pieces = new ArrayList<>();
        for (int i = 0; i < words.size(); ) {
            int next = i + 1;
            Span span = times.get(i);
            while (next < words.size() && (span == null || times.get(next) == null)) {
                span = span == null ? times.get(next) : span;
                next++;
            }
            if (span != null) {
                share(text, words.subList(i, next), span, pieces);
            }
            i = next;
        }
        return pieces;
    }

    private static void share(
            MappedText text, List<Word> words, Span span, List<SourceWords.TimedRange> pieces) {
        List<Word> heard = words.stream().filter(word -> audible(text, word)).toList();
        int all = heard.stream().mapToInt(word -> word.end - word.start).sum();
        double at = span.start;
        for (Word word : heard) {
            double end = at + (span.end - span.start) * (word.end - word.start) / all;
            pieces.add(
                    new SourceWords.TimedRange(
                            text.sourceStart(word.start),
                            text.sourceEnd(word.end - 1),
                            text.text().substring(word.start, word.end),
                            at,
                            end));
            at = end;
        }
    }

    private static boolean audible(MappedText text, Word word) {
        return text.text()
                .substring(word.start, word.end)
                .codePoints()
                .anyMatch(c -> Character.isLetterOrDigit(c) || Pronunciations.isMark(c));
    }

    /** For each element of {@code from} the index of its partner in {@code to}, or -1. */
    static int[] align(int[] from, int[] to) {
        int width = to.length + 1;
        int[] cost = new int[(from.length + 1) * width];
        for (int i = 0; i <= from.length; i++) {
            for (int j = 0; j <= to.length; j++) {
                int best;
                if (i == 0 || j == 0) {
                    best = 2 * (i + j);
                } else {
                    int change = from[i - 1] == to[j - 1] ? 0 : to[j - 1] == ' ' ? 5 : 3;
                    best =
                            Math.min(
                                    cost[(i - 1) * width + j - 1] + change,
                                    2
                                            + Math.min(
                                                    cost[(i - 1) * width + j],
                                                    cost[i * width + j - 1]));
                }
                cost[i * width + j] = best;
            }
        }
        int[] match = new int[from.length];
        Arrays.fill(match, -1);
        int i = from.length;
        int j = to.length;
        while (i > 0 && j > 0) {
            int change = from[i - 1] == to[j - 1] ? 0 : to[j - 1] == ' ' ? 5 : 3;
            int here = cost[i * width + j];
            if (here == cost[(i - 1) * width + j - 1] + change) {
                match[--i] = --j;
            } else if (here == cost[(i - 1) * width + j] + 2) {
                i--;
            } else {
                j--;
            }
        }
        return match;
    }
}
