package dev.parlo.engine.text;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * The words of one request whose phonemes somebody gave. In the text each is one private-use
 * character, so that no later step can take it apart; the engine puts the phonemes (or, if it
 * cannot use them, the word) in its place. Not thread-safe.
 */
public final class Pronunciations {
    private static final char FIRST = '\uE000';
    private static final int MOST = 6400;
    private static final Pattern MARK = Pattern.compile("[\uE000-\uF8FF]");

    private final List<Entry> entries = new ArrayList<>();
    private final Map<Entry, Character> marks = new HashMap<>();

    /** A word and its phonemes in IPA or in the model's own alphabet. */
    public record Entry(String word, String phonemes) {}

    /** The character that stands for a word; empty when there are too many different ones. */
    OptionalInt mark(Entry entry) {
        Character known = marks.get(entry);
        if (known != null) {
            return OptionalInt.of(known);
        }
        if (entries.size() == MOST) {
            return OptionalInt.empty();
        }
        char mark = (char) (FIRST + entries.size());
        entries.add(entry);
        marks.put(entry, mark);
        return OptionalInt.of(mark);
    }

    public static boolean isMark(int character) {
        return character >= FIRST && character < FIRST + MOST;
    }

    /** What a mark stands for. */
    public Entry entry(int mark) {
        return entries.get(mark - FIRST);
    }

    /** The text with something else in the place of each mark. */
    public MappedText replaced(MappedText text, Function<Entry, String> written) {
        return text.replace(
                MARK,
                match ->
                        known(match.group().charAt(0))
                                ? written.apply(entry(match.group().charAt(0)))
                                : "");
    }

    private boolean known(char mark) {
        return mark - FIRST < entries.size();
    }

    /** The same of text that is put in the place of other text. */
    static String withoutMarks(String text) {
        return MARK.matcher(text).replaceAll(" ");
    }

    /** Private-use characters of the request's own would be taken for marks. */
    static MappedText withoutForeignMarks(MappedText text) {
        return text.replace(MARK, match -> " ");
    }
}
