package dev.parlo.engine.kokoro;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Says a word with an ending (-s, -ed, -ing) from what is said for the word without it. */
final class EnglishEndings {
    private static final String FLAPPING = "AIOWYiuæɑəɛɪɹʊʌ";

    private EnglishEndings() {}

    /**
     * The phonemes of a word with its ending.
     *
     * @param known gives the phonemes of a word, or null
     */
    static @Nullable String said(
            String word, boolean british, Function<String, @Nullable String> known) {
        int length = word.length();
        if (length > 3 && word.endsWith("'s")) {
            String stem = known.apply(word.substring(0, length - 2));
            return stem == null ? null : stem + plural(stem, british);
        }
        if (length > 2 && word.endsWith("s") && !word.endsWith("ss")) {
            for (String base : bases(word, 1, "es", "ies", "y")) {
                String stem = known.apply(base);
                if (stem != null) {
                    return stem + plural(stem, british);
                }
            }
        }
        if (length > 4 && word.endsWith("ed")) {
            for (String base : bases(word, 1, "ed", "ied", "y")) {
                String stem = known.apply(base);
                if (stem != null) {
                    return past(stem, british);
                }
            }
        }
        if (length > 5 && word.endsWith("ing")) {
            String cut = word.substring(0, length - 3);
            for (String base : List.of(cut, cut + "e", undoubled(cut))) {
                String stem = known.apply(base);
                if (stem != null) {
                    return flapped(stem, british) + "ɪŋ";
                }
            }
        }
        return null;
    }

    /** The words that one with an ending may come from. */
    private static List<String> bases(
            String word, int shortest, String ending, String changed, String back) {
        int length = word.length();
        String cut = word.substring(0, length - shortest);
        String more = word.endsWith(ending) ? word.substring(0, length - ending.length()) : cut;
        String other =
                word.endsWith(changed)
                        ? word.substring(0, length - changed.length()) + back
                        : undoubled(more);
        return List.of(cut, more, other);
    }

    /** "stopp" as "stop". */
    private static String undoubled(String stem) {
        int length = stem.length();
        return length > 2 && stem.charAt(length - 1) == stem.charAt(length - 2)
                ? stem.substring(0, length - 1)
                : stem;
    }

    private static char last(String stem) {
        return stem.isEmpty() ? ' ' : stem.charAt(stem.length() - 1);
    }

    /** The sound of the plural behind a stem. */
    static String plural(String stem, boolean british) {
        if ("ptkfθ".indexOf(last(stem)) >= 0) {
            return "s";
        }
        return "szʃʒʧʤ".indexOf(last(stem)) < 0 ? "z" : british ? "ɪz" : "ᵻz";
    }

    private static String past(String stem, boolean british) {
        if ("pkfθʃsʧ".indexOf(last(stem)) >= 0) {
            return stem + "t";
        }
        boolean syllable = last(stem) == 'd' || last(stem) == 't';
        return syllable ? flapped(stem, british) + (british ? "ɪd" : "ᵻd") : stem + "d";
    }

    /** An American t between vowels. */
    private static String flapped(String stem, boolean british) {
        int length = stem.length();
        boolean flap =
                !british
                        && length > 1
                        && last(stem) == 't'
                        && FLAPPING.indexOf(stem.charAt(length - 2)) >= 0;
        return flap ? stem.substring(0, length - 1) + "T" : stem;
    }
}
