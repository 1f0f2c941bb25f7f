package dev.parlo.engine.text.items;

import dev.parlo.engine.text.language.LanguageTables;
import java.util.Locale;
import java.util.Map;
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

    /** Words of Romance languages behind a number that it does not count. */
    private static final Set<String> SMALL_WORDS =
            Set.of(
                    ("los las les des sus mis tus nos ses mes más menos plus moins"
                                    + " dans sans sous mas mais das dos nas as os após es è e ce se"
                                    + " le de que est ne una uma une la di che sono são son desde"
                                    + " entre sobre pour par mi si ou aux puis alors depuis después"
                                    + " antes tras pero ma poi anche fa este esta para hasta até a"
                                    + " significa signifie indica utilise précise lance trata")
                            .split(" "));

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
        return DETERMINERS.contains(wordBefore(tokens, from))
                && !tokens.capitalised(next + 1)
                && nounBehind(tokens, next);
    }

    /** Whether a word stands behind a space that a quantity may describe. */
    static boolean nounBehind(Tokens tokens, int next) {
        return tokens.space(next)
                && tokens.word(next + 1)
                && !NO_NOUNS.contains(tokens.text(next + 1));
    }

    /** Whether a street follows: {@code W. 42nd St.}, {@code N. Main Street}. */
    boolean streetBehind(Tokens tokens, int index) {
        int name = tokens.skipSpace(index);
        int next = tokens.number(name) && tokens.word(name + 1) ? name + 2 : name + 1;
        if (name == index
                || !tokens.capitalised(name) && !tokens.number(name)
                || !tokens.space(next)) {
            return false;
        }
        // a name of two words: Martin Luther Street
        return street(tokens, next + 1)
                || tokens.capitalised(next + 1)
                        && tokens.space(next + 2)
                        && street(tokens, next + 3);
    }

    private boolean street(Tokens tokens, int index) {
        Map<String, String> streets = tables.abbreviations().getOrDefault("street", Map.of());
        return tokens.capitalised(index)
                && (streets.containsKey(tokens.text(index))
                        || streets.containsValue(tokens.text(index)));
    }

    /** The same of a number with a hyphen before its unit: {@code 5-km}. */
    static boolean hyphened(Tokens tokens, int index) {
        return tokens.is(index, '-') && tokens.word(index + 1);
    }

    /** The word or unit that a number or a fraction stands before, as it is written; or empty. */
    static String noun(Tokens tokens, int next) {
        int at = tokens.skipSpace(next);
        return tokens.word(at)
                        && (at == next || tokens.is(next, ' '))
                        && countable(tokens.text(at).toLowerCase(Locale.ROOT))
                ? tokens.text(at)
                : "";
    }

    /** Whether a word in lower case may be counted in a Romance language. */
    static boolean countable(String word) {
        return !SMALL_WORDS.contains(word);
    }

    static @Nullable String lower(Tokens tokens, int index) {
        return tokens.word(index) ? tokens.text(index).toLowerCase(Locale.ROOT) : null;
    }
}
