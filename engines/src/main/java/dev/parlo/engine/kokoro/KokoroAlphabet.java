package dev.parlo.engine.kokoro;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Rewrites espeak-ng's IPA, with {@code ^} inside phonemes of several letters, to the alphabet that
 * Kokoro was trained on. The rules and their order follow misaki's espeak fallback; where it
 * replaces {@code e} before it could see {@code e^ə}, the longer one comes first here.
 */
final class KokoroAlphabet {
    private record Rule(String from, String to) {}

    private static List<Rule> rules(String... pairs) {
        ArrayList<Rule> rules = new ArrayList<>();
        for (int i = 0; i < pairs.length; i += 2) {
            rules.add(new Rule(pairs[i], pairs[i + 1]));
        }
        return List.copyOf(rules);
    }

    private static final List<Rule> ENGLISH =
            rules(
                    "ʔˌn\u0329",
                    "ʔn",
                    "ʔn\u0329",
                    "ʔn",
                    "a^ɪ",
                    "I",
                    "a^ʊ",
                    "W",
                    "d^ʒ",
                    "ʤ",
                    "e^ɪ",
                    "A",
                    "t^ʃ",
                    "ʧ",
                    "ɔ^ɪ",
                    "Y",
                    "ə^l",
                    "ᵊl",
                    "ɚɹ",
                    "əɹ",
                    "ʲo",
                    "jo",
                    "ʲə",
                    "jə",
                    "ʲ",
                    "");
    private static final List<Rule> BRITISH_FIRST = rules("e^ə", "ɛː");
    private static final List<Rule> ENGLISH_LETTERS =
            rules(
                    "e", "A", "ɚ", "əɹ", "r", "ɹ", "x", "k", "ç", "k", "ɐ", "ə", "ɬ", "l", "\u0303",
                    "");
    private static final List<Rule> AMERICAN =
            rules("o^ʊ", "O", "ɜːɹ", "ɜɹ", "ɜː^ɹ", "ɜɹ", "ɜː", "ɜɹ", "ɪə", "iə", "ː", "");
    private static final List<Rule> BRITISH = rules("iə", "ɪə", "ə^ʊ", "Q");
    private static final List<Rule> ENGLISH_LAST = rules("o", "ɔ", "ɾ", "T", "ʔ", "t", "^", "");
    private static final List<Rule> OTHER =
            rules(
                    "a^ɪ", "I", "a^ʊ", "W", "d^z", "ʣ", "d^ʒ", "ʤ", "e^ɪ", "A", "o^ʊ", "O", "ə^ʊ",
                    "Q", "s^s", "S", "t^s", "ʦ", "t^ʃ", "ʧ", "ɔ^ɪ", "Y", "^", "", "-", "");
    private static final Pattern SYLLABIC = Pattern.compile("(\\S)\u0329");

    private KokoroAlphabet() {}

    static String of(String ipa, KokoroLanguage language) {
        if (!language.english()) {
            return apply(OTHER, ipa);
        }
        String s = apply(ENGLISH, ipa);
        if (language == KokoroLanguage.BRITISH) {
            s = apply(BRITISH_FIRST, s);
        }
        s = apply(ENGLISH_LETTERS, s);
        s = SYLLABIC.matcher(s).replaceAll("ᵊ$1").replace("\u0329", "");
        s = apply(language == KokoroLanguage.BRITISH ? BRITISH : AMERICAN, s);
        return apply(ENGLISH_LAST, s);
    }

    /**
     * Phonemes that a person wrote, in IPA or in Kokoro's alphabet already: both spellings of a
     * diphthong are taken.
     */
    static String lenient(String phonemes, KokoroLanguage language) {
        String s = phonemes;
        for (Rule rule : OTHER) {
            if (rule.from.length() > 2) {
                s = s.replace(rule.from.replace("^", ""), rule.to).replace(rule.from, rule.to);
            }
        }
        s = s.replace('g', 'ɡ').replace("'", "ˈ");
        return language == KokoroLanguage.AMERICAN ? s.replace("ɚ", "əɹ").replace("ɝ", "ɜɹ") : s;
    }

    private static String apply(List<Rule> rules, String text) {
        String s = text;
        for (Rule rule : rules) {
            s = s.replace(rule.from, rule.to);
        }
        return s;
    }
}
