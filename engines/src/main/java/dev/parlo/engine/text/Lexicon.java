package dev.parlo.engine.text;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Pronunciations that an operator gave for words: {@code "Parlo": "/pˈɑɹloʊ/"} in IPA, or {@code
 * "nginx": "engine x"} respelled. Upper and lower case do not matter. Immutable.
 */
public final class Lexicon {
    /** What counts as a word. */
    static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{M}\\p{N}'’]{0,63}");

    public static final Lexicon EMPTY = new Lexicon(Map.of());

    private final Map<String, String> words = new HashMap<>();

    /** Words and how each is said. */
    public Lexicon(Map<String, String> words) {
        words.forEach((word, said) -> this.words.put(word.toLowerCase(Locale.ROOT), said));
    }

    @Nullable String find(String word) {
        return words.isEmpty() ? null : words.get(word.toLowerCase(Locale.ROOT));
    }
}
