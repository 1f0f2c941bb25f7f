package dev.parlo.engine.kokoro;

import java.util.HashMap;
import java.util.Map;

/**
 * Kana in Kokoro's phonemes, mora by mora: the alphabet that version 1.0 was trained on (misaki's
 * first Japanese front end).
 */
final class JapaneseMorae {
    private static final String TABLE =
            """
            あ a い i う ɯ え e お o
            か ka き kʲi く kɯ け ke こ ko が ɡa ぎ ɡʲi ぐ ɡɯ げ ɡe ご ɡo
            さ sa し ɕi す sɨ せ se そ so ざ ʣa じ ʥi ず zɨ ぜ ʣe ぞ ʣo
            た ta ち ʨi つ ʦɨ て te と to だ da ぢ ʥi づ zɨ で de ど do
            な na に ɲi ぬ nɯ ね ne の no
            は ha ひ çi ふ ɸɯ へ he ほ ho
            ば ba び bʲi ぶ bɯ べ be ぼ bo ぱ pa ぴ pʲi ぷ pɯ ぺ pe ぽ po
            ま ma み mʲi む mɯ め me も mo
            や ja ゆ jɯ よ jo ら ɾa り ɾʲi る ɾɯ れ ɾe ろ ɾo
            わ βa ゐ i ゑ e を o ゔ vɯ
            ぁ a ぃ i ぅ ɯ ぇ e ぉ o ゃ ja ゅ jɯ ょ jo ゎ βa ゕ ka ゖ ke
            きゃ kʲa きゅ kʲɨ きぇ kʲe きょ kʲo ぎゃ ɡʲa ぎゅ ɡʲɨ ぎぇ ɡʲe ぎょ ɡʲo
            しゃ ɕa しゅ ɕɨ しぇ ɕe しょ ɕo じゃ ʥa じゅ ʥɨ じぇ ʥe じょ ʥo
            ちゃ ʨa ちゅ ʨɨ ちぇ ʨe ちょ ʨo ぢゃ ʥa ぢゅ ʥɨ ぢょ ʥo
            にゃ ɲa にゅ ɲɨ にぇ ɲe にょ ɲo ひゃ ça ひゅ çɨ ひぇ çe ひょ ço
            びゃ bʲa びゅ bʲɨ びぇ bʲe びょ bʲo ぴゃ pʲa ぴゅ pʲɨ ぴぇ pʲe ぴょ pʲo
            みゃ mʲa みゅ mʲɨ みぇ mʲe みょ mʲo りゃ ɾʲa りゅ ɾʲɨ りぇ ɾʲe りょ ɾʲo
            くぁ kᵝa くぃ kᵝi くぇ kᵝe くぉ kᵝo くゎ kᵝa
            ぐぁ ɡᵝa ぐぃ ɡᵝi ぐぇ ɡᵝe ぐぉ ɡᵝo ぐゎ ɡᵝa
            ふぁ ɸa ふぃ ɸi ふぇ ɸe ふぉ ɸo ふゅ ɸʲɨ
            てぃ tʲi でぃ dʲi てゅ tʲɨ でゅ dʲɨ とぅ tɯ どぅ dɯ
            つぁ ʦa つぃ ʦʲi つぇ ʦe つぉ ʦo すぃ sʲi ずぃ zʲi
            ゔぁ va ゔぃ vʲi ゔぇ ve ゔぉ vo ゔゅ bʲɨ
            うぃ βi うぇ βe うぉ βo いぇ je
            """;
    private static final Map<String, String> MORAE = morae();

    private JapaneseMorae() {}

    private static Map<String, String> morae() {
        Map<String, String> morae = new HashMap<>();
        String[] entries = TABLE.strip().split("\\s+");
        for (int i = 0; i < entries.length; i += 2) {
            morae.put(entries[i], entries[i + 1]);
        }
        return Map.copyOf(morae);
    }

    /** The phonemes of a word in kana; all else is left out. */
    static String ipa(String kana) {
        String hiragana = hiragana(kana);
        StringBuilder ipa = new StringBuilder();
        for (int i = 0; i < hiragana.length(); ) {
            char c = hiragana.charAt(i);
            int length = length(hiragana, i);
            switch (c) {
                case 'っ' -> ipa.append('ʔ');
                case 'ー' -> ipa.append('ː');
                case 'ん' -> ipa.append(nasal(hiragana, i + 1));
                default -> ipa.append(MORAE.getOrDefault(hiragana.substring(i, i + length), ""));
            }
            i += length;
        }
        return ipa.toString();
    }

    private static int length(String hiragana, int at) {
        return at + 1 < hiragana.length() && MORAE.containsKey(hiragana.substring(at, at + 2))
                ? 2
                : 1;
    }

    /** The nasal that closes a syllable takes the place of what comes after it. */
    private static char nasal(String hiragana, int next) {
        if (next >= hiragana.length()) {
            return 'ɴ';
        }
        String mora =
                MORAE.getOrDefault(hiragana.substring(next, next + length(hiragana, next)), "");
        if (mora.isEmpty()) {
            return 'ɴ';
        }
        return switch (mora.charAt(0)) {
            case 'm', 'p', 'b' -> 'm';
            case 'k', 'ɡ' -> 'ŋ';
            case 'ɲ', 'ʨ', 'ʥ' -> 'ɲ';
            case 'n', 't', 'd', 'ɾ', 'z' -> 'n';
            default -> 'ɴ';
        };
    }

    private static String hiragana(String kana) {
        StringBuilder hiragana = new StringBuilder(kana.length());
        for (int i = 0; i < kana.length(); i++) {
            char c = kana.charAt(i);
            hiragana.append(c >= 'ァ' && c <= 'ヶ' ? (char) (c - 'ァ' + 'ぁ') : c);
        }
        return hiragana.toString();
    }
}
