package dev.parlo.engine.kokoro;

import dev.parlo.engine.espeak.EspeakNg;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * English in Kokoro's phonemes, word by word, as Kokoro was trained: espeak-ng reads each word
 * alone, so that it neither merges words nor reduces them, and rules and a table of small words do
 * the rest. Thread-safe.
 */
final class EnglishPhonemes {
    private static final int NEAR = 6;

    /** Those whose plural is no word or title: "As", "Is", "Ms" and "Vs" are. */
    private static final String LETTERS = "BCDEFGJKLNPQTWXYZ";

    private final EspeakNg espeak;
    private final KokoroLanguage language;
    private final EnglishWords words;
    private final KokoroLexicons lexicons;

    EnglishPhonemes(EspeakNg espeak, KokoroLanguage language, KokoroLexicons lexicons) {
        this.espeak = espeak;
        this.language = language;
        this.lexicons = lexicons;
        this.words = new EnglishWords(language == KokoroLanguage.BRITISH);
    }

    /** A word with what stands before it: a space, or nothing in a compound. */
    private record Word(String text, boolean apart) {
        String lower() {
            return text.toLowerCase(Locale.ROOT);
        }
    }

    /**
     * The phonemes of texts without marks, words apart.
     *
     * @param voice espeak-ng's
     */
    List<String> phonemes(String voice, List<String> texts) {
        List<List<Word>> all = new ArrayList<>();
        Map<String, String> read = new HashMap<>();
        for (String text : texts) {
            List<Word> split = split(text);
            all.add(split);
            split.forEach(word -> read.computeIfAbsent(word.text, this::inLexicons));
        }
        List<String> alone =
                read.keySet().stream()
                        .filter(word -> read.getOrDefault(word, "").isEmpty())
                        .toList();
        List<List<EspeakNg.Clause>> clauses =
                espeak.phonemes(
                        voice, alone.stream().map(EnglishPhonemes::singular).toList(), true);
        for (int i = 0; i < alone.size(); i++) {
            String ipa =
                    String.join(" ", clauses.get(i).stream().map(EspeakNg.Clause::ipa).toList());
            String word = singular(alone.get(i));
            String phonemes = adapted(word, KokoroAlphabet.of(ipa, language));
            read.put(
                    alone.get(i),
                    word.equals(alone.get(i))
                            ? phonemes
                            : phonemes
                                    + EnglishEndings.plural(
                                            phonemes, language == KokoroLanguage.BRITISH));
        }
        return all.stream().map(split -> joined(split, read)).toList();
    }

    /** {@code PDFs} as {@code PDF}, whose plural espeak-ng drops or spells; others as they are. */
    private static String singular(String word) {
        int last = word.length() - 1;
        if (last == 1 && word.charAt(1) == 's' && LETTERS.indexOf(word.charAt(0)) >= 0) {
            return word.substring(0, 1); // Ps and Qs
        }
        boolean plural =
                last >= 2
                        && word.charAt(last) == 's'
                        && Character.isUpperCase(word.charAt(last - 1))
                        && word.chars().filter(Character::isUpperCase).count() >= 2;
        return plural ? word.substring(0, last) : word;
    }

    /** The phonemes of a dictionary; empty where no dictionary has the word. */
    private String inLexicons(String word) {
        String said = lexicons.said(word, language == KokoroLanguage.BRITISH);
        boolean pronoun = word.equalsIgnoreCase("i");
        return said == null || pronoun ? "" : said;
    }

    private String adapted(String word, String phonemes) {
        // digits and signs are several words
        String plain = phonemes.strip();
        if (plain.indexOf(' ') >= 0) {
            return plain;
        }
        return words.stressed(
                word, EnglishVowels.adapted(plain, language == KokoroLanguage.BRITISH));
    }

    /** Words between spaces and hyphens. */
    private static List<Word> split(String text) {
        List<Word> split = new ArrayList<>();
        boolean apart = true;
        int from = 0;
        for (int i = 0; i <= text.length(); i++) {
            boolean space = i == text.length() || Character.isWhitespace(text.charAt(i));
            boolean hyphen = !space && text.charAt(i) == '-';
            if (!space && !hyphen) {
                continue;
            }
            if (i > from) {
                split.add(new Word(text.substring(from, i), apart));
                apart = false;
            }
            apart |= space;
            from = i + 1;
        }
        return split;
    }

    /** From the last word to the first, because a word may depend on how the next one begins. */
    private String joined(List<Word> split, Map<String, String> read) {
        String[] said = new String[split.size()];
        String next = "";
        for (int i = said.length - 1; i >= 0; i--) {
            said[i] = said(split, i, next, read.getOrDefault(split.get(i).text, ""));
            next = said[i].isEmpty() ? next : said[i];
        }
        StringBuilder joined = new StringBuilder();
        for (int i = 0; i < said.length; i++) {
            boolean space = split.get(i).apart && !joined.isEmpty() && !said[i].isEmpty();
            joined.append(space ? " " : "").append(said[i]);
        }
        return joined.toString();
    }

    private String said(List<Word> split, int index, String next, String alone) {
        Word word = split.get(index);
        String lower = word.lower();
        boolean vowel = !next.isEmpty() && vowel(next);
        boolean american = language == KokoroLanguage.AMERICAN;
        switch (lower) {
            case "the" -> {
                return vowel ? "ði" : "ðə";
            }
            case "a" -> {
                return article(split, index) ? "ɐ" : "ˈA";
            }
            case "an" -> {
                return "ɐn";
            }
            case "to" -> {
                return next.isEmpty() ? american ? "tu" : "tuː" : vowel ? "tʊ" : "tə";
            }
            case "am" -> {
                return word.text.equals("AM")
                                && !pronoun(split, index - 1)
                                && !pronoun(split, index + 1)
                        ? "ˌAˈɛm"
                        : alone;
            }
            case "used" -> {
                boolean habit =
                        index + 1 < split.size() && split.get(index + 1).lower().equals("to");
                return american ? habit ? "jˈust" : "jˈuzd" : habit ? "jˈuːst" : "jˈuːzd";
            }
            default -> {
                boolean listed = !inLexicons(word.text).isEmpty();
                String known = known(split, index, listed);
                return known == null ? alone : known;
            }
        }
    }

    /** What the table has: of words of two readings always, of others where no dictionary has. */
    private @Nullable String known(List<Word> split, int index, boolean listed) {
        Set<String> near = new HashSet<>();
        for (int i = Math.max(0, index - NEAR); i < Math.min(split.size(), index + NEAR); i++) {
            near.add(split.get(i).lower());
        }
        return words.said(
                split.get(index).lower(),
                index == 0 ? "" : split.get(index - 1).lower(),
                index + 1 == split.size() ? "" : split.get(index + 1).lower(),
                near,
                listed);
    }

    private static boolean pronoun(List<Word> split, int index) {
        return index >= 0 && index < split.size() && split.get(index).text.equals("I");
    }

    /** A capital A is a letter where another single letter stands beside it, or in a sentence. */
    private static boolean article(List<Word> split, int index) {
        if (split.get(index).text.equals("a")) {
            return true;
        }
        boolean before = index > 0 && letter(split.get(index - 1));
        boolean after = index + 1 < split.size() && letter(split.get(index + 1));
        return index == 0 && !before && !after && split.size() > 1;
    }

    private static boolean letter(Word word) {
        return word.text.length() == 1 && Character.isUpperCase(word.text.charAt(0));
    }

    private static boolean vowel(String phonemes) {
        for (int i = 0; i < phonemes.length(); i++) {
            char c = phonemes.charAt(i);
            if ("ˈˌ".indexOf(c) < 0) {
                return EnglishVowels.ALL.indexOf(c) >= 0 || c == 'ɐ';
            }
        }
        return false;
    }
}
