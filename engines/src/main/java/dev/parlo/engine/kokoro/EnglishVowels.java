package dev.parlo.engine.kokoro;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Brings what espeak-ng says for an English word nearer to what Kokoro was trained on: unstressed
 * vowels and secondary stress follow other rules there. The rules were found by comparing both on
 * the 78,000 words of a dictionary in Kokoro's alphabet: 35 % of the words were equal without them,
 * 52 % are with them; of British words 45 and 53 %.
 */
final class EnglishVowels {
    static final String ALL = "AIOQWYaiuæɑɒɔəɛɜɪʊʌᵻᵊ";
    private static final String FULL = "AIWYæɑɔɛuʌO";

    private record Rule(Pattern pattern, String replacement) {
        static Rule of(String pattern, String replacement) {
            return new Rule(Pattern.compile(pattern), replacement);
        }
    }

    private static final Rule[] AMERICAN = {
        Rule.of("ɹɹ", "ɹ"),
        // one of the two weak vowels stays only in endings
        Rule.of("ᵻ(?![dz]$)", "ə"),
        Rule.of("(?<![ˈˌ])ɪ(?=[ˈˌ" + ALL + "])", "i"),
        Rule.of("(?<=[iɪ])ɪst$", "ᵻst"),
        Rule.of(
                "(?<![ˈˌ])(?<!^)ɪ(?=k(?!$|s)|s(?!$)|[tTfbɡlpd]|m(?!p)|v(?!$|n)|θ|h|w"
                        + "|n(?![tsfvdʤʧkz$])|z[ˈˌ]|ɹ(?!$)|ʧ|ʤə)",
                "ə"),
        Rule.of("^ɪ(?=s[pt])", "ə"),
        Rule.of("(?<=[tT])ɪs$", "əs"),
        Rule.of("^ɛ(?=ks|ɡz|n[^ˈˌ]|m[^ˈˌ])", "ɪ"),
        Rule.of("(?<=j)ʊ(?=l)", "ə"),
        Rule.of("(?<=[tdsz])ən(?=[tdzl]|$)", "ᵊn"),
        Rule.of("(?<=ʧ)ən(?=z?$)", "ᵊn"),
        Rule.of("(?<=ʤ)ən$", "ᵊn"),
        Rule.of("ʃən(?=ə)", "ʃᵊn"),
        Rule.of("(?<=[^ʃ])tn(?=$|d$|z$)", "ʔn"),
        Rule.of("(?<=ɹ)ᵊl", "əl"),
        Rule.of("(?<=k)li$", "ᵊli"),
        Rule.of("(?<=[ˈˌ])æ(?=ɹ)", "ɛ")
    };
    private static final Rule[] AMERICAN_LAST = {
        // no secondary stress in -ist, -is and -ive
        Rule.of("ˌɪ(?=(?:st|s|v)$)", "ɪ"), Rule.of("^ʌ", "ˌʌ"), Rule.of("tɪv$", "Tɪv")
    };
    private static final Rule[] BRITISH = {
        Rule.of("ɹɹ", "ɹ"),
        Rule.of("iə", "ɪə"),
        Rule.of("(?<=[ʃʒtsdkʤzmp])ən(?=[tdszɪəiˌˈ]|$)", "ᵊn"),
        Rule.of("nəs$", "nɪs"),
        Rule.of("fᵊl$", "fʊl"),
        Rule.of("^ɛ(?=[knɡm])", "ɪ"),
        Rule.of("(?<=ɹ)ᵊl", "əl"),
        Rule.of("^ʌ", "ˌʌ")
    };
    private static final Pattern BRITISH_ENDS = Pattern.compile("ˌ(?=[AIQɪu])");

    private EnglishVowels() {}

    /** The phonemes of one word. */
    static String adapted(String word, boolean british) {
        return british ? british(word) : american(word);
    }

    private static String american(String word) {
        return applied(AMERICAN_LAST, withSecondaryStress(applied(AMERICAN, word)));
    }

    private static String british(String word) {
        String s = applied(BRITISH, word);
        int main = s.indexOf('ˈ');
        if (main < 0) {
            return s;
        }
        // what comes behind the main stress has no other one
        Matcher behind = BRITISH_ENDS.matcher(s.substring(main));
        return s.substring(0, main) + behind.replaceAll("");
    }

    /** Full vowels behind the main stress have a secondary one, except an "o" at the end. */
    private static String withSecondaryStress(String word) {
        int main = word.indexOf('ˈ');
        if (main < 0 || main + 2 > word.length()) {
            return word;
        }
        StringBuilder stressed = new StringBuilder(word.substring(0, main + 2));
        for (int i = main + 2; i < word.length(); i++) {
            char c = word.charAt(i);
            boolean marked = "ˈˌ".indexOf(word.charAt(i - 1)) >= 0;
            boolean last = c == 'O' && i == word.length() - 1;
            if (FULL.indexOf(c) >= 0 && !marked && !last) {
                stressed.append('ˌ');
            }
            stressed.append(c);
        }
        return stressed.toString();
    }

    private static String applied(Rule[] rules, String word) {
        String s = word;
        for (Rule rule : rules) {
            s = rule.pattern.matcher(s).replaceAll(rule.replacement);
        }
        return s;
    }
}
