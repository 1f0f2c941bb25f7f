package dev.parlo.engine.kokoro;

import java.util.Map;
import java.util.Set;

/**
 * Pinyin in Kokoro's phonemes: the alphabet that version 1.0 was trained on (misaki's first Chinese
 * front end). The arrow of the tone stands right after the main vowel, and after both letters of a
 * diphthong, which counts as one.
 */
final class MandarinSyllable {
    /** The arrows of tones 1 to 4; the neutral tone has none. */
    static final String TONES = "→↗↓↘";

    private static final Map<String, String> INITIALS =
            Map.ofEntries(
                    Map.entry("b", "p"),
                    Map.entry("p", "pʰ"),
                    Map.entry("m", "m"),
                    Map.entry("f", "f"),
                    Map.entry("d", "t"),
                    Map.entry("t", "tʰ"),
                    Map.entry("n", "n"),
                    Map.entry("l", "l"),
                    Map.entry("g", "k"),
                    Map.entry("k", "kʰ"),
                    Map.entry("h", "x"),
                    Map.entry("j", "ʨ"),
                    Map.entry("q", "ʨʰ"),
                    Map.entry("x", "ɕ"),
                    Map.entry("zh", "\uAB67"),
                    Map.entry("ch", "\uAB67ʰ"),
                    Map.entry("sh", "ʂ"),
                    Map.entry("r", "ɻ"),
                    Map.entry("z", "ʦ"),
                    Map.entry("c", "ʦʰ"),
                    Map.entry("s", "s"));

    /** After these an i is spoken as another vowel. */
    private static final Set<String> BUZZING = Set.of("zh", "ch", "sh", "r", "z", "c", "s");

    /** The tone goes where the 0 is. */
    private static final Map<String, String> FINALS =
            Map.ofEntries(
                    Map.entry("a", "a0"),
                    Map.entry("ai", "ai0"),
                    Map.entry("an", "a0n"),
                    Map.entry("ang", "a0ŋ"),
                    Map.entry("ao", "au0"),
                    Map.entry("e", "ɤ0"),
                    Map.entry("ei", "ei0"),
                    Map.entry("en", "ə0n"),
                    Map.entry("eng", "ə0ŋ"),
                    Map.entry("er", "ɚ0"),
                    Map.entry("i", "i0"),
                    Map.entry("ia", "ja0"),
                    Map.entry("ian", "jɛ0n"),
                    Map.entry("iang", "ja0ŋ"),
                    Map.entry("iao", "jau0"),
                    Map.entry("ie", "je0"),
                    Map.entry("in", "i0n"),
                    Map.entry("io", "jo0"),
                    Map.entry("iou", "jou0"),
                    Map.entry("iu", "jou0"),
                    Map.entry("ing", "i0ŋ"),
                    Map.entry("iong", "jʊ0ŋ"),
                    Map.entry("ong", "ʊ0ŋ"),
                    Map.entry("ou", "ou0"),
                    Map.entry("u", "u0"),
                    Map.entry("uei", "wei0"),
                    Map.entry("ui", "wei0"),
                    Map.entry("ua", "wa0"),
                    Map.entry("uai", "wai0"),
                    Map.entry("uan", "wa0n"),
                    Map.entry("uen", "wə0n"),
                    Map.entry("un", "wə0n"),
                    Map.entry("uang", "wa0ŋ"),
                    Map.entry("ueng", "wə0ŋ"),
                    Map.entry("uo", "wo0"),
                    Map.entry("o", "wo0"),
                    Map.entry("ü", "y0"),
                    Map.entry("üe", "ɥe0"),
                    Map.entry("üan", "ɥɛ0n"),
                    Map.entry("ün", "y0n"),
                    Map.entry("ê", "ɛ0"),
                    Map.entry("m", "m0"),
                    Map.entry("n", "n0"),
                    Map.entry("ng", "ŋ0"));

    private MandarinSyllable() {}

    /**
     * The phonemes of a syllable, or nothing when it is not a syllable of pinyin.
     *
     * @param pinyin without a tone; ü may be written v
     * @param tone 1 to 4, or 5 for the neutral one
     */
    static String ipa(String pinyin, int tone) {
        Parts parts = parts(pinyin);
        String ending = FINALS.get(parts.ending());
        if (parts.ending().equals("i") && parts.buzzes()) {
            ending = "ɨ0";
        } else if (parts.ending().equals("o") && parts.initial().isEmpty()) {
            ending = "ɔ0";
        }
        if (ending == null) {
            return "";
        }
        String arrow = tone >= 1 && tone <= 4 ? TONES.substring(tone - 1, tone) : "";
        return INITIALS.getOrDefault(parts.initial(), "") + ending.replace("0", arrow);
    }

    /**
     * A syllable taken apart.
     *
     * @param initial "" for none
     * @param ending as it is written behind a consonant, such as {@code iou} of {@code you}
     */
    record Parts(String initial, String ending) {
        /** Whether an i behind the initial is spoken as another vowel. */
        boolean buzzes() {
            return BUZZING.contains(initial);
        }
    }

    /**
     * Takes a syllable apart; what is none gives parts that are in no table.
     *
     * @param pinyin without a tone; ü may be written v
     */
    static Parts parts(String pinyin) {
        String syllable = pinyin.replace('v', 'ü').replace("u:", "ü");
        String initial = "";
        for (int length = Math.min(2, syllable.length() - 1); length > 0; length--) {
            if (INITIALS.containsKey(syllable.substring(0, length))) {
                initial = syllable.substring(0, length);
                break;
            }
        }
        return new Parts(initial, full(initial, syllable.substring(initial.length())));
    }

    /** A final as it is written behind a consonant: y and w, and the u that is an ü, undone. */
    private static String full(String initial, String rest) {
        if (!initial.isEmpty()) {
            boolean rounded = "jqx".contains(initial) && rest.startsWith("u");
            return rounded ? "ü" + rest.substring(1) : rest;
        }
        if (rest.startsWith("yu")) {
            return "ü" + rest.substring(2);
        }
        if (rest.startsWith("yü")) {
            return rest.substring(1);
        }
        if (rest.startsWith("yi")) {
            return rest.substring(1);
        }
        if (rest.equals("you")) {
            return "iou";
        }
        if (rest.startsWith("y")) {
            return "i" + rest.substring(1);
        }
        if (rest.startsWith("wu")) {
            return rest.substring(1);
        }
        return rest.startsWith("w") ? "u" + rest.substring(1) : rest;
    }
}
