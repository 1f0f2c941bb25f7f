package dev.parlo.engine.kokoro;

import dev.parlo.engine.speech.WordTimes;
import dev.parlo.engine.text.Pronunciations;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Takes apart a text of a script that puts no space between words: what is in Latin letters is told
 * from the rest, punctuation becomes that of Kokoro's alphabet, and everything is put together
 * again with spaces between words. Linear in the length of the text.
 */
final class MixedText {
    private static final String AFTER = ",.!?:;…”)";
    private static final String BEFORE = "“(";
    private static final Map<Integer, String> MARKS =
            Map.ofEntries(
                    Map.entry((int) '、', ","),
                    Map.entry((int) '，', ","),
                    Map.entry((int) '。', "."),
                    Map.entry((int) '．', "."),
                    Map.entry((int) '！', "!"),
                    Map.entry((int) '？', "?"),
                    Map.entry((int) '：', ":"),
                    Map.entry((int) '；', ";"),
                    Map.entry((int) '「', "“"),
                    Map.entry((int) '『', "“"),
                    Map.entry((int) '《', "“"),
                    Map.entry((int) '〈', "“"),
                    Map.entry((int) '【', "“"),
                    Map.entry((int) '«', "“"),
                    Map.entry((int) '」', "”"),
                    Map.entry((int) '』', "”"),
                    Map.entry((int) '》', "”"),
                    Map.entry((int) '〉', "”"),
                    Map.entry((int) '】', "”"),
                    Map.entry((int) '»', "”"),
                    Map.entry((int) '（', "("),
                    Map.entry((int) '）', ")"),
                    Map.entry((int) '[', "("),
                    Map.entry((int) ']', ")"),
                    Map.entry((int) '—', "—"),
                    Map.entry((int) '–', "—"));

    /** What a token is. */
    enum Kind {
        WORD,
        PUNCTUATION
    }

    /** A part of the text from {@code start} to {@code end} and the phonemes for it. */
    record Token(Kind kind, int start, int end, String phonemes) {}

    private MixedText() {}

    /**
     * The words and marks of a text.
     *
     * @param words takes the text that is not in Latin letters apart; places count from its start
     * @param latin phonemes of words in Latin letters
     * @param given phonemes that a mark stands for
     */
    static List<Token> tokens(
            String text,
            Function<String, List<WordTimes.Spoken>> words,
            Function<List<String>, List<String>> latin,
            IntFunction<String> given) {
        List<Token> tokens = new ArrayList<>();
        List<String> latinWords = new ArrayList<>();
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            int next = i + Character.charCount(c);
            String mark = mark(c);
            if (Pronunciations.isMark(c)) {
                tokens.add(new Token(Kind.WORD, i, next, given.apply(c)));
            } else if (mark != null) {
                tokens.add(new Token(Kind.PUNCTUATION, i, next, mark));
            } else if (latin(c)) {
                while (next < text.length() && latinGoesOn(text, next)) {
                    next++;
                }
                // its phonemes are filled in below, all in one go
                latinWords.add(text.substring(i, next));
                tokens.add(new Token(Kind.WORD, i, next, ""));
            } else if (own(c)) {
                while (next < text.length() && own(text.codePointAt(next))) {
                    next += Character.charCount(text.codePointAt(next));
                }
                for (WordTimes.Spoken word : words.apply(text.substring(i, next))) {
                    tokens.add(
                            new Token(
                                    Kind.WORD, i + word.start(), i + word.end(), word.phonemes()));
                }
            }
            i = next;
        }
        return latinWords.isEmpty() ? tokens : filled(tokens, latin.apply(latinWords), text);
    }

    private static List<Token> filled(List<Token> tokens, List<String> latin, String text) {
        List<Token> filled = new ArrayList<>(tokens.size());
        int next = 0;
        for (Token token : tokens) {
            boolean empty = token.phonemes().isEmpty() && latin(text.codePointAt(token.start()));
            filled.add(
                    empty
                            ? new Token(token.kind(), token.start(), token.end(), latin.get(next++))
                            : token);
        }
        return filled;
    }

    /**
     * The phonemes of all tokens, words apart from each other, marks where they belong.
     *
     * @param gap what stands between two words
     */
    static String joined(List<Token> tokens, BinaryOperator<String> gap) {
        StringBuilder all = new StringBuilder();
        boolean open = true;
        String word = ""; // the one before
        for (Token token : tokens) {
            String phonemes = token.phonemes();
            if (phonemes.isEmpty()) {
                continue;
            }
            boolean mark = token.kind() == Kind.PUNCTUATION;
            if (!open && !(mark && AFTER.contains(phonemes))) {
                all.append(word.isEmpty() || mark ? " " : gap.apply(word, phonemes));
            }
            all.append(phonemes);
            word = mark ? "" : phonemes;
            open = mark && BEFORE.contains(phonemes);
        }
        return all.toString();
    }

    private static @Nullable String mark(int c) {
        String known = MARKS.get(c);
        if (known != null) {
            return known;
        }
        return c < 128 && (AFTER + BEFORE + "\"").indexOf(c) >= 0 || "…“”".indexOf(c) >= 0
                ? Character.toString(c)
                : null;
    }

    private static boolean latin(int c) {
        return Character.isLetter(c)
                && Character.UnicodeScript.of(c) == Character.UnicodeScript.LATIN;
    }

    private static boolean latinGoesOn(String text, int at) {
        char c = text.charAt(at);
        return latin(c)
                || Character.getType(c) == Character.NON_SPACING_MARK
                || (c == '\'' || c == '’') && at + 1 < text.length() && latin(text.charAt(at + 1));
    }

    private static boolean own(int c) {
        return (Character.isLetterOrDigit(c) || c == '々' || c == '〇' || c == 'ー')
                && !latin(c)
                && !Pronunciations.isMark(c);
    }
}
