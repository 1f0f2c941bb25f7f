package dev.parlo.engine.text;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.function.Supplier;

/**
 * Pronunciations that somebody gave for words or phrases: {@code "Parlo": "/pˈɑɹloʊ/"} in IPA, or
 * {@code "nginx": "engine x"} respelled. Upper and lower case do not matter; of several that fit in
 * one place the longest is taken. A word is found only as a whole, apart from those in scripts that
 * put no space between words. Immutable, and so its own supplier, where others may change.
 */
public final class Lexicon implements Supplier<Lexicon> {
    /** The longest word or phrase, so that looking one up has a limit. */
    public static final int MAX_LENGTH = 64;

    /** No words. */
    public static final Lexicon EMPTY = new Lexicon(Map.of());

    private final Map<String, String> words = new HashMap<>();
    private final int[] lengths;

    /**
     * Words and how each is said.
     *
     * @param words what is said, in IPA between slashes or respelled, by the word or phrase as it
     *     is written
     * @throws IllegalArgumentException when a word is empty or longer than {@link #MAX_LENGTH}, or
     *     nothing is said for it
     */
    public Lexicon(Map<String, String> words) {
        words.forEach((word, said) -> {
            String key = folded(word.strip());
            if (key.isEmpty() || key.length() > MAX_LENGTH) {
                throw new IllegalArgumentException(
                        "'" + word + "' must have 1 to " + MAX_LENGTH + " characters");
            }
            if (said.isBlank()) {
                throw new IllegalArgumentException("nothing is said for '" + word + "'");
            }
            this.words.put(key, said.strip());
        });
        this.lengths = this.words.keySet().stream().mapToInt(String::length).distinct().toArray();
        Arrays.sort(lengths);
    }

    @Override
    public Lexicon get() {
        return this;
    }

    /** {@return the number of words} */
    public int size() {
        return words.size();
    }

    /**
     * {@return this lexicon and another one together}
     *
     * @param first whose words are taken where both have one
     */
    public Lexicon with(Lexicon first) {
        if (first.words.isEmpty()) {
            return this;
        }
        if (words.isEmpty()) {
            return first;
        }
        Map<String, String> both = new HashMap<>(words);
        both.putAll(first.words);
        return new Lexicon(both);
    }

    /**
     * Puts what is said in the place of each word that is known.
     *
     * @param say gets the word as it stands and what is said for it, answers what to put there
     */
    MappedText apply(MappedText text, BinaryOperator<String> say) {
        if (words.isEmpty()) {
            return text;
        }
        String plain = text.text();
        String folded = folded(plain);
        MappedText.Builder builder = null;
        int done = 0;
        for (int i = 0; i < plain.length(); ) {
            int end = boundary(plain, i) ? match(folded, plain, i) : i;
            if (end == i) {
                i++;
                continue;
            }
            if (builder == null) {
                builder = new MappedText.Builder(text);
            }
            String said = words.getOrDefault(folded.substring(i, end), "");
            builder.append(done, i).replace(i, end, say.apply(plain.substring(i, end), said));
            done = end;
            i = end;
        }
        return builder == null ? text : builder.append(done, plain.length()).build();
    }

    /** Where the longest word that begins at a place ends, or that place. */
    private int match(String folded, String plain, int from) {
        for (int k = lengths.length - 1; k >= 0; k--) {
            int end = from + lengths[k];
            if (end <= folded.length()
                    && boundary(plain, end)
                    && words.containsKey(folded.substring(from, end))) {
                return end;
            }
        }
        return from;
    }

    private static boolean boundary(String text, int at) {
        if (at == 0 || at == text.length()) {
            return true;
        }
        char before = text.charAt(at - 1);
        char after = text.charAt(at);
        return !(inWord(text, at - 1) && inWord(text, at))
                || SourceWords.alone(before)
                || SourceWords.alone(after);
    }

    private static boolean inWord(String text, int at) {
        char c = text.charAt(at);
        if (c == '\'' || c == '’') {
            return at + 1 < text.length() && Character.isLetter(text.charAt(at + 1));
        }
        return Character.isLetterOrDigit(c)
                || Character.isSurrogate(c)
                || Character.getType(c) == Character.NON_SPACING_MARK
                || Character.getType(c) == Character.COMBINING_SPACING_MARK;
    }

    /** Lower case, without changing the length, so that places in a text stay what they are. */
    private static String folded(String text) {
        StringBuilder folded = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            folded.append(c == '’' ? '\'' : Character.toLowerCase(c));
        }
        return folded.toString();
    }
}
