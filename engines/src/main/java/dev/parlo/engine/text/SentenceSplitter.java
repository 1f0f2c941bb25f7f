package dev.parlo.engine.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Splits a block into sentences. A full stop does not end one inside a number or a name, after a
 * title, an initial or a list number, or before a small letter. Linear; no character is lost.
 */
final class SentenceSplitter {
    private static final String ENDS = ".!?…";
    private static final String WIDE_ENDS = "。！？";
    private static final String CLOSERS = "\"')]}”’»」』";
    private static final Set<String> ABBREVIATIONS =
            Set.of(
                    "mr", "mrs", "ms", "dr", "prof", "sr", "jr", "st", "vs", "inc", "ltd", "co",
                    "corp", "dept", "gen", "col", "sgt", "capt", "lt", "rev", "hon", "gov", "sen",
                    "rep", "fig", "no", "vol", "pp", "ed", "eds", "e.g", "i.e", "cf", "al",
                    "approx", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct",
                    "nov", "dec", "bzw", "ca", "z.b", "d.h", "hr", "nr", "sra", "mme", "mlle");

    private SentenceSplitter() {}

    static List<MappedText> split(MappedText block) {
        List<MappedText> sentences = new ArrayList<>();
        String s = block.text();
        int from = 0;
        for (int i = 0; i < s.length(); ) {
            char c = s.charAt(i);
            boolean wide = WIDE_ENDS.indexOf(c) >= 0;
            if (!wide && ENDS.indexOf(c) < 0) {
                i++;
                continue;
            }
            int end = i + 1;
            while (end < s.length()
                    && (ENDS.indexOf(s.charAt(end)) >= 0
                            || WIDE_ENDS.indexOf(s.charAt(end)) >= 0)) {
                end++;
            }
            boolean single = c == '.' && end == i + 1;
            while (end < s.length() && CLOSERS.indexOf(s.charAt(end)) >= 0) {
                end++;
            }
            boolean open = end < s.length() && !wide && !Character.isWhitespace(s.charAt(end));
            if (!open && !(single && continues(s, from, i)) && !smallLetterFollows(block, end, c)) {
                add(sentences, block.sub(from, end));
                from = end;
            }
            i = end;
        }
        add(sentences, block.sub(from, s.length()));
        return sentences;
    }

    /**
     * An end of a sentence between two plain words.
     *
     * @param word where the word before the mark begins
     * @param end behind the mark
     * @param next where the next word begins
     */
    record End(int word, int end, int next) {}

    /**
     * The next end of a sentence that {@link #split} would find too, as long as nothing from the
     * word before its mark to the word behind it is written in another way: a mark behind a word of
     * letters that is no abbreviation, then white space, then a capital and a small letter. Null
     * where there is none; there may be other ends.
     */
    static @Nullable End plainEnd(String s, int from) {
        for (int i = from; i < s.length(); i++) {
            if (".!?".indexOf(s.charAt(i)) < 0) {
                continue;
            }
            int word = i;
            while (word > from && Character.isLetter(s.charAt(word - 1))) {
                word--;
            }
            int next = i + 1;
            while (next < s.length() && Character.isWhitespace(s.charAt(next))) {
                next++;
            }
            if (i - word > 1
                    && (word == from || Character.isWhitespace(s.charAt(word - 1)))
                    && next > i + 1
                    && next + 1 < s.length()
                    && Character.isUpperCase(s.charAt(next))
                    && Character.isLowerCase(s.charAt(next + 1))
                    && !continues(s, from, i)) {
                return new End(word, i + 1, next);
            }
        }
        return null;
    }

    private static void add(List<MappedText> sentences, MappedText sentence) {
        MappedText stripped = sentence.strip();
        if (stripped.length() > 0) {
            sentences.add(stripped);
        }
    }

    /** Whether the word before the full stop at {@code dot} is one that a full stop goes with. */
    private static boolean continues(String s, int sentence, int dot) {
        int start = dot;
        while (start > sentence
                && dot - start < 12
                && !Character.isWhitespace(s.charAt(start - 1))) {
            start--;
        }
        String word = s.substring(start, dot);
        boolean first = s.substring(sentence, start).isBlank();
        if (first
                && !word.isEmpty()
                && word.length() <= 3
                && word.chars().allMatch(Character::isDigit)) {
            return true;
        }
        if (word.length() == 1 && Character.isUpperCase(word.charAt(0)) && !word.equals("I")) {
            return dot + 1 < s.length();
        }
        int letters = 0;
        while (letters < word.length() && !Character.isLetter(word.charAt(letters))) {
            letters++;
        }
        return dot + 1 < s.length()
                && ABBREVIATIONS.contains(word.substring(letters).toLowerCase(Locale.ROOT));
    }

    private static boolean smallLetterFollows(MappedText block, int end, char mark) {
        String s = block.text();
        if (mark == '!' || mark == '?') {
            return false;
        }
        int next = end;
        while (next < s.length() && Character.isWhitespace(s.charAt(next))) {
            next++;
        }
        return next > end
                && next < s.length()
                && Character.isLowerCase(s.codePointAt(next))
                // a number at the beginning of a sentence was written out with a small letter
                && block.sourceEnd(next) - block.sourceStart(next) <= 1;
    }
}
