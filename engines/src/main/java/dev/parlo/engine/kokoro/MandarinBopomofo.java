package dev.parlo.engine.kokoro;

import java.util.HashMap;
import java.util.Map;

/**
 * Pinyin in the symbols of Kokoro 1.1-zh: bopomofo for consonants and plain vowels, a Chinese
 * character for each final that bopomofo would write with two, then the number of the tone.
 *
 * <p>Source: the table of misaki's second Chinese front end, which the model was trained with.
 */
final class MandarinBopomofo {
    private static final Map<String, String> INITIALS =
            table(
                    "b ㄅ p ㄆ m ㄇ f ㄈ d ㄉ t ㄊ n ㄋ l ㄌ g ㄍ k ㄎ h ㄏ j ㄐ q ㄑ x ㄒ zh ㄓ ch ㄔ sh ㄕ r ㄖ z ㄗ"
                            + " c ㄘ s ㄙ");
    private static final Map<String, String> FINALS =
            table(
                    "a ㄚ o ㄛ e ㄜ ê ㄝ ie ㄝ ai ㄞ ei ㄟ ao ㄠ ou ㄡ an ㄢ en ㄣ ang ㄤ eng ㄥ er ㄦ i ㄧ u ㄨ ü ㄩ"
                            + " üe 月 ia 压 ian 言 iang 阳 iao 要 in 阴 ing 应 io ㄧㄛ iong 用 iou 又 iu 又"
                            + " ong 中 ua 穵 uai 外 uan 万 uang 王 uei 为 ui 为 uen 文 un 文 ueng 瓮"
                            + " uo 我 üan 元 ün 云 m ㄇ n ㄋ ng ㄥ");

    private MandarinBopomofo() {}

    private static Map<String, String> table(String pairs) {
        String[] words = pairs.split(" ");
        Map<String, String> table = new HashMap<>();
        for (int i = 0; i < words.length; i += 2) {
            table.put(words[i], words[i + 1]);
        }
        return Map.copyOf(table);
    }

    /**
     * The symbols of a syllable, or nothing when it is not a syllable of pinyin.
     *
     * @param pinyin without a tone; ü may be written v
     * @param tone 1 to 4, or 5 for the neutral one
     */
    static String of(String pinyin, int tone) {
        MandarinSyllable.Parts parts = MandarinSyllable.parts(pinyin);
        String symbol = FINALS.get(parts.ending());
        if (parts.ending().equals("i") && parts.buzzes()) {
            symbol = parts.initial().length() == 1 && !parts.initial().equals("r") ? "ㄭ" : "十";
        }
        return symbol == null
                ? ""
                : INITIALS.getOrDefault(parts.initial(), "")
                        + symbol
                        + (tone >= 1 && tone <= 4 ? tone : 5);
    }

    /** Whether phonemes begin with a syllable of this alphabet. */
    static boolean begins(String phonemes) {
        String first = phonemes.substring(0, phonemes.offsetByCodePoints(0, 1));
        return INITIALS.containsValue(first) || FINALS.containsValue(first);
    }
}
