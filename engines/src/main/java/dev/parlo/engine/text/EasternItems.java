package dev.parlo.engine.text;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The items of a text in a script without spaces between words, found in one pass over what is
 * written: at each place the first kind that fits is taken, and the search goes on behind it, so
 * that no kind sees what another one wrote. Sums, ranges and ratios become one item with the
 * numbers beside their signs. Immutable, thread-safe; linear where the patterns are bounded.
 */
final class EasternItems {
    /** Numbers joined by signs are one item up to this length, so that none grows with a text. */
    private static final int LONGEST = 80;

    /** {@code U.S.A.}, whose dots are no ends of sentences. */
    static final Kind INITIALS =
            Kind.item(
                    "(?<![A-Za-z.])(?:[A-Z]\\.){2,8}(?![A-Za-z])",
                    match -> match.group().replace('.', ' '));

    private final List<Kind> kinds;

    /**
     * A kind of item.
     *
     * @param pattern how it is written; it may look at what stands around it
     * @param words how it is said
     * @param joins whether it is a sign that belongs to the items beside it
     */
    record Kind(Pattern pattern, Function<MatchResult, String> words, boolean joins) {
        static Kind item(String pattern, Function<MatchResult, String> words) {
            return new Kind(Pattern.compile(pattern), words, false);
        }

        static Kind sign(String pattern, Function<MatchResult, String> words) {
            return new Kind(Pattern.compile(pattern), words, true);
        }
    }

    /**
     * An item from {@code start} to {@code end} of the text, in words.
     *
     * @param open whether it ends with a sign, which takes in the item behind it
     */
    record Placed(int start, int end, String words, boolean open) {}

    EasternItems(List<Kind> kinds) {
        this.kinds = List.copyOf(kinds);
    }

    /** The text with its items in words, each of which stands for the whole of its item. */
    MappedText written(MappedText text) {
        List<Placed> items = read(text.text());
        if (items.isEmpty()) {
            return text;
        }
        MappedText.Builder builder = new MappedText.Builder(text);
        int done = 0;
        for (Placed item : items) {
            builder.append(done, item.start).replace(item.start, item.end, item.words);
            done = item.end;
        }
        return builder.append(done, text.length()).build();
    }

    /** The items of a text in order, none in another. */
    List<Placed> read(String text) {
        List<Matcher> matchers = new ArrayList<>();
        for (Kind kind : kinds) {
            // patterns look behind the place that they begin at
            matchers.add(
                    kind.pattern
                            .matcher(text)
                            .useTransparentBounds(true)
                            .useAnchoringBounds(false));
        }
        List<Placed> items = new ArrayList<>();
        for (int i = 0; i < text.length(); ) {
            int found = mayBegin(text.charAt(i)) ? kindAt(matchers, i, text.length()) : -1;
            if (found < 0) {
                i++;
                continue;
            }
            Kind kind = kinds.get(found);
            MatchResult match = matchers.get(found);
            // kana that is written out must not run into kana that is there
            String apart = !kind.joins && i > 0 && kana(text.charAt(i - 1)) ? " " : "";
            add(items, new Placed(i, match.end(), apart + kind.words.apply(match), kind.joins));
            i = match.end();
        }
        return items;
    }

    private static int kindAt(List<Matcher> matchers, int from, int length) {
        for (int k = 0; k < matchers.size(); k++) {
            Matcher matcher = matchers.get(k).region(from, length);
            if (matcher.lookingAt() && matcher.end() > from) {
                return k;
            }
        }
        return -1;
    }

    /** Joins an item with the one before it where a sign stands between them. */
    private static void add(List<Placed> items, Placed item) {
        Placed last = items.isEmpty() ? null : items.getLast();
        boolean joined =
                last != null
                        && last.end == item.start
                        && (last.open || item.open)
                        && item.end - last.start <= LONGEST;
        if (last != null && joined) {
            items.set(
                    items.size() - 1,
                    new Placed(last.start, item.end, last.words + item.words, item.open));
        } else {
            items.add(item);
        }
    }

    private static boolean kana(char c) {
        return Character.UnicodeScript.of(c) == Character.UnicodeScript.KATAKANA || c == 'ー';
    }

    /** Digits, signs, the letters of currencies, and the few characters that items begin with. */
    private static boolean mayBegin(char c) {
        return !Character.isLetter(c) || c >= 'A' && c <= 'Z' || "一二至".indexOf(c) >= 0;
    }
}
