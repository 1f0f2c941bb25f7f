package dev.parlo.engine.text.items;

import dev.parlo.engine.text.language.LanguageTables;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What stands around an item, as far as rules of several kinds ask for it. Immutable. */
final class Context {
    private static final String OPENING = "\"'“‘([{«";

    /** Words that go on after a quantity rather than being described by it. */
    private static final Set<String> NO_NOUNS =
            Set.of(
                    "a",
                    "an",
                    "the",
                    "and",
                    "or",
                    "but",
                    "for",
                    "in",
                    "on",
                    "at",
                    "to",
                    "of",
                    "by",
                    "per",
                    "from",
                    "with",
                    "is",
                    "was",
                    "are",
                    "were",
                    "be",
                    "been",
                    "has",
                    "had",
                    "have",
                    "that",
                    "which",
                    "who",
                    "if",
                    "when",
                    "as",
                    "than",
                    "each",
                    "more",
                    "less",
                    "into",
                    "over",
                    "under",
                    "until",
                    "i",
                    "you",
                    "he",
                    "she",
                    "it",
                    "we",
                    "they",
                    "not",
                    "so",
                    "then",
                    "will",
                    "would",
                    "can",
                    "could",
                    "should",
                    "may",
                    "away",
                    "long",
                    "wide",
                    "tall",
                    "high",
                    "deep",
                    "left",
                    "ago",
                    "later",
                    "extra",
                    "total",
                    "now",
                    "today",
                    "because",
                    "after",
                    "before",
                    "during",
                    "about",
                    "off",
                    "out",
                    "up",
                    "down",
                    "there",
                    "here",
                    "only",
                    "apiece",
                    "everyone");

    private static final Set<String> DETERMINERS =
            Set.of(
                    "a", "an", "the", "this", "that", "his", "her", "my", "our", "your", "their",
                    "its", "every", "another");

    private final LanguageTables tables;

    Context(LanguageTables tables) {
        this.tables = tables;
    }

    /** Whether a full stop ends its sentence, or only belongs to the word before it. */
    boolean endsSentence(Tokens tokens, int dot) {
        int next = dot + 1;
        while (tokens.in(next, "\"'”’)]}»*_")) {
            next++;
        }
        if (tokens.kind(next) == Tokens.Kind.EDGE) {
            return true;
        }
        if (!tokens.space(next)) {
            return false;
        }
        boolean line = tokens.text(next).indexOf('\n') >= 0;
        next++;
        while (tokens.in(next, OPENING)) {
            next++;
        }
        if (tokens.kind(next) == Tokens.Kind.EDGE || line) {
            return true;
        }
        return tables.starters().contains(tokens.text(next));
    }

    /** The index behind a full stop that belongs to an abbreviation; a sentence keeps its own. */
    int overDot(Tokens tokens, int index) {
        return tokens.is(index, '.') && !endsSentence(tokens, index) ? index + 1 : index;
    }

    /** Whether letters, digits or a point that belongs to them stand directly before a token. */
    static boolean glued(Tokens tokens, int index) {
        // of 2024-05-01T10:00 the time is one by itself
        boolean stamp =
                tokens.is(index - 1, "T") && tokens.number(index - 2) && tokens.number(index);
        return tokens.word(index - 1) && !stamp
                || tokens.number(index - 1)
                || tokens.in(index - 1, ".,:/_") && tokens.number(index - 2)
                || tokens.in(index - 1, "_");
    }

    /** The word before a token with one space between, in lower case; empty where there is none. */
    static String wordBefore(Tokens tokens, int index) {
        int before = tokens.backOverSpace(index - 1);
        if (tokens.in(before, ".:#\"'(")) {
            before = tokens.backOverSpace(before - 1);
        }
        return tokens.word(before) ? tokens.text(before).toLowerCase(Locale.ROOT) : "";
    }

    /** Whether one of some words stands at most {@code reach} words before a token. */
    static boolean wordNear(Tokens tokens, int index, int reach, Set<String> wanted) {
        int words = 0;
        for (int i = index - 1; i >= 0 && i > index - 4 * reach && words < reach; i--) {
            if (tokens.in(i, "!?;")) {
                return false;
            }
            if (tokens.word(i)) {
                words++;
                if (wanted.contains(tokens.text(i).toLowerCase(Locale.ROOT))) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Whether a quantity between two tokens describes the noun behind it: "a $5 bill". */
    boolean describes(Tokens tokens, int from, int next) {
        if (!tables.english() || !tokens.space(next) || !tokens.word(next + 1)) {
            return false;
        }
        String noun = tokens.text(next + 1);
        return DETERMINERS.contains(wordBefore(tokens, from))
                && Character.isLowerCase(noun.codePointAt(0))
                && !NO_NOUNS.contains(noun);
    }

    /** The same of a number with a hyphen before its unit: {@code 5-km}. */
    static boolean hyphened(Tokens tokens, int index) {
        return tokens.is(index, '-') && tokens.word(index + 1);
    }

    static @Nullable String lower(Tokens tokens, int index) {
        return tokens.word(index) ? tokens.text(index).toLowerCase(Locale.ROOT) : null;
    }
}
