package dev.parlo.server.listening;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which words of a text that is understood again and again can be told already: those on which two
 * hypotheses in a row agree (local agreement, Macháček et al. 2023), but for the last ones. Not
 * thread-safe.
 */
final class Agreement {
    /** A word with the space before it; of scripts without spaces, a character. */
    private static final Pattern WORD =
            Pattern.compile(
                    "\\s*(?:[\\p{IsHan}\\p{IsHiragana}\\p{IsKatakana}\\p{IsThai}\\p{IsLao}"
                            + "\\p{IsKhmer}\\p{IsMyanmar}]\\p{M}*\\p{Punct}*"
                            + "|[^\\s\\p{IsHan}\\p{IsHiragana}\\p{IsKatakana}\\p{IsThai}\\p{IsLao}"
                            + "\\p{IsKhmer}\\p{IsMyanmar}]+)");

    /**
     * Words at the end are not told: the last one may be cut off, and leads those before it astray.
     */
    private static final int HELD_BACK = 2;

    private static final int HELD_BACK_CHARACTERS = 4;

    private static final Pattern MARKS = Pattern.compile("[^\\p{L}\\p{N}]");

    private final StringBuilder told = new StringBuilder();

    /** The same by words. */
    private final List<String> toldWords = new ArrayList<>();

    /** Words of the window that were told. */
    private List<String> stable = new ArrayList<>();

    /** What the last hypothesis has after them. */
    private List<String> open = List.of();

    /** All that was told. */
    String told() {
        return told.toString();
    }

    /** What was told of the time before the window. */
    String before() {
        int words = Math.max(0, toldWords.size() - stable.size());
        return String.join("", toldWords.subList(0, words));
    }

    /** What was understood beyond it. */
    String unstable() {
        return begun(String.join("", open));
    }

    /**
     * Takes the next hypothesis of the window.
     *
     * @return what is sure now and was not before
     */
    String take(String hypothesis) {
        List<String> words = words(hypothesis);
        List<String> rest = words.subList(place(words), words.size());
        int agreed = 0;
        while (agreed < Math.min(rest.size(), open.size())
                && key(rest.get(agreed)).equals(key(open.get(agreed)))) {
            agreed++;
        }
        agreed = Math.min(agreed, Math.max(0, rest.size() - heldBack(rest)));
        stable.addAll(rest.subList(0, agreed));
        String delta = tell(String.join("", rest.subList(0, agreed)));
        open = List.copyOf(rest.subList(agreed, rest.size()));
        return delta;
    }

    private static int heldBack(List<String> words) {
        return !words.isEmpty()
                        && words.getLast().strip().codePoints().allMatch(Character::isIdeographic)
                ? HELD_BACK_CHARACTERS
                : HELD_BACK;
    }

    /**
     * A text that is whole.
     *
     * @param text that counts
     * @param rest what was not told of it
     */
    record Whole(String text, String rest) {}

    /**
     * Ends the window with its last hypothesis. That knows the whole audio: where it understood
     * words otherwise that were told, its own count.
     */
    Whole finish(String hypothesis) {
        List<String> words = words(hypothesis);
        int place = place(words);
        boolean kept = place == stable.size();
        for (int i = 0; kept && i < place; i++) {
            kept = key(stable.get(i)).equals(key(words.get(i)));
        }
        String whole = (before() + hypothesis).strip();
        stable = new ArrayList<>();
        open = List.of();
        String rest = tell(String.join("", words.subList(place, words.size())).stripTrailing());
        return new Whole(kept ? told.toString() : whole, rest);
    }

    /** How many words of a hypothesis of the window are those that were told. */
    int place(String hypothesis) {
        return place(words(hypothesis));
    }

    static int count(String text) {
        return words(text).size();
    }

    /** The window begins later now: behind so many words of its last hypothesis. */
    void shift(String hypothesis, int words) {
        List<String> all = words(hypothesis);
        stable = new ArrayList<>(all.subList(words, Math.max(words, place(all))));
    }

    private String tell(String text) {
        String delta = begun(text);
        told.append(delta);
        toldWords.addAll(words(delta));
        return delta;
    }

    /** A text begins without the space that words have. */
    private String begun(String text) {
        return told.isEmpty() ? text.stripLeading() : text;
    }

    /**
     * Where a hypothesis goes on behind the words that were told. It may understand some of them
     * otherwise now: the beginning that is most like them is taken for them.
     */
    private int place(List<String> words) {
        if (stable.isEmpty()) {
            return 0;
        }
        int n = stable.size();
        int m = words.size();
        int[] before = new int[m + 1];
        int[] row = new int[m + 1];
        for (int j = 0; j <= m; j++) {
            before[j] = j;
        }
        for (int i = 1; i <= n; i++) {
            row[0] = i;
            for (int j = 1; j <= m; j++) {
                boolean same = key(stable.get(i - 1)).equals(key(words.get(j - 1)));
                row[j] =
                        Math.min(
                                before[j - 1] + (same ? 0 : 1),
                                1 + Math.min(before[j], row[j - 1]));
            }
            int[] swap = before;
            before = row;
            row = swap;
        }
        int best = 0;
        for (int j = 1; j <= m; j++) {
            boolean nearer = Math.abs(j - n) < Math.abs(best - n);
            if (before[j] < before[best] || (before[j] == before[best] && nearer)) {
                best = j;
            }
        }
        return best;
    }

    private static String key(String word) {
        String letters = MARKS.matcher(word).replaceAll("").toLowerCase(Locale.ROOT);
        return letters.isEmpty() ? word.strip() : letters;
    }

    private static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        Matcher matcher = WORD.matcher(text);
        while (matcher.find()) {
            words.add(matcher.group());
        }
        return words;
    }
}
