package dev.parlo.engine.kokoro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parlo.engine.cache.CacheFolder;
import dev.parlo.engine.espeak.EspeakInstaller;
import dev.parlo.engine.espeak.EspeakNg;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class KokoroSpellingTest {
    @TempDir static Path cache;

    private static EspeakNg espeak;

    @BeforeAll
    static void open() {
        espeak = new EspeakNg(new EspeakInstaller(CacheFolder.at(cache), null, null).locate());
    }

    @AfterAll
    static void close() {
        espeak.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a|merchantship|mˈɜɹʧəntʃˌɪp",
                "a|Hello world, how are you? (maybe)|həlˈO wˈɜɹld, hˌW ɑɹ ju? (mˈAbi)",
                "a|button butter little mountain rhythm|bˈʌʔn bˈʌTəɹ lˈɪTᵊl mˈWntᵊn ɹˈɪðəm",
                "a|I owe you a boat — really…|ˌI ˈO ju ɐ bˈOt — ɹˈiəli…",
                "b|Hello world, the boat can't go over there.|həlˈQ wˈɜːld, ðə bˈQt kˈɑːnt ɡˈQ ˈQvə ðɛː.",
                "a|**Hi** 😀 [docs](https://a.b) [x](/kˈæt/)|hˈI dˈɑks kˈæt",
                "a|the end of an hour|ði ˈɛnd ʌv ɐn ˈWəɹ",
                "a|during the security check|dˈʊɹɪŋ ðə səkjˈʊɹəTi ʧˈɛk",
                "a|We say 你好 and 東京は to him|wi sˈA ni↓xau↓ ænd toːkʲoː βa tə hˌɪm",
                "a|vitamin A and a dog|vˈITəmən ˈA ænd ɐ dˈɑɡ",
                "e|Hola, ¿cómo estás? Muchas gracias.|ˈola, kˈomo estˈas? mˈuʧas ɣɾˈaθjas.",
                "f|Bonjour tout le monde, c'est un garçon.|bɔ̃ʒˈuʁ tulmˈɔ̃d, sɛt œ̃ ɡaʁsˈɔ̃.",
                "i|Ciao, come stai? Gli gnocchi.|ʧˈao, kˌome stˈaj? ʎɪ ɲˈokːɪ.",
                "h|नमस्ते दुनिया|nəmˈʌsteː dˈʊnɪjˌaː"
            })
    void writesKokorosAlphabet(String language, String text, String phonemes) {
        KokoroSpelling.Phonemes spelled =
                new KokoroSpelling(espeak, KokoroLexicons.none()).phonemize(text, language);
        assertThat(spelled.phonemes()).isEqualTo(phonemes);
        assertThat(spelled.tokens())
                .hasSize(phonemes.codePointCount(0, phonemes.length()))
                .allMatch(id -> id > 0 && id < 178);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "こんにちは。|koɲɲiʨiβa.",
                "東京は、大きい！|toːkʲoː βa, oːkʲii!",
                "新聞を読みました。|ɕimbɯɴ o jomʲimaɕita.",
                "学校へ行って、先生と話す。|ɡaʔkoː e iʔte, seɴsei to hanasɨ.",
                "「はい」|“hai”",
                "これは1,234円です。|koɾe βa seɲɲiçakɯsaɲʥɨːjoeɴ desɨ.",
                "りんごが3つ|ɾʲiŋɡo ɡa mʲiʔʦɨ",
                "2024年5月1日|ɲiseɲɲiʥɨːjoneɴ ɡoɡaʦɨ ʦɨitaʨi",
                "午前10:30に3本|ɡoʣeɴ ʥɨːʥisaɲʥɨʔpɯɴ ɲi samboɴ",
                "OpenAIのモデル|ˈOpən ˌAˈI no modeɾɯ",
                "５０％オフ|ɡoʥɨːpaːsento oɸɯ",
                "ｶﾞﾗｽを600個|ɡaɾasɨ o ɾoʔpʲaʔko",
                "二人で4人分、8分|ɸɯtaɾʲi de joɲiɴ bɯɴ, haʔpɯɴ"
            })
    void speaksJapanese(String text, String phonemes) {
        assertThat(spelled(text, "j")).isEqualTo(phonemes);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "你好，世界！|ni↓xau↓, ʂɨ↘ʨje↘!",
                "银行在重庆。|i↗nxa↗ŋ ʦai↘ ꭧʰʊ↗ŋʨʰi↘ŋ.",
                "中国人民很行|ꭧʊ→ŋkwo↗ ɻə↗nmi↗n xə↓n ɕi↗ŋ",
                "绿色的女儿去学校了吗？|ly↘sɤ↘ tɤ ny↓ɚ↗ ʨʰy↘ ɕɥe↗ɕjau↘ lɤ ma?",
                "我有123个苹果。|wo↓jou↓ i→pai↓ ɚ↘ʂɨ↗ sa→n kɤ↘ pʰi↗ŋkwo↓.",
                "2024年5月1日10:30|ɚ↘ li↗ŋ ɚ↘ sɨ↘njɛ↗n u↓ɥe↘ i→ɻɨ↘ ʂɨ↗ tjɛ↓n sa→n ʂɨ↗fə→n",
                "我爱Java编程，“很好”《书》|wo↓ ai↘ ʤˈɑvə pjɛ→n ꭧʰə↗ŋ, “xə↓nxau↓” “ʂu→”",
                "長城|ꭧʰa↗ŋꭧʰə↗ŋ"
            })
    void speaksMandarin(String text, String phonemes) {
        assertThat(spelled(text, "z")).isEqualTo(phonemes);
    }

    private static String spelled(String text, String language) {
        KokoroSpelling.Phonemes spelled =
                new KokoroSpelling(espeak, KokoroLexicons.none()).phonemize(text, language);
        assertThat(spelled.tokens()).allMatch(id -> id > 0 && id < 178);
        return spelled.phonemes();
    }

    @ParameterizedTest
    @CsvSource({
        "It is 9 am., a, ɪt ɪz nˈIn ˌAˈɛm.",
        "It is 9 am., b, ɪt ɪz nˈIn ˌAˈɛm.",
        "AM radio, a, ˌAˈɛm ɹˈAdiˌO",
        "I AM HERE, a, ˌI æm hˈɪɹ",
        "the US army and the IT team, a, ðə jˌuˈɛs ˈɑɹmi ænd ði ˌItˈi tˈim",
        "我在U.S.A.。, z, wo↓ʦai↘ jˈu ˈɛs ˈA."
    })
    void capitalsThatLookLikeSmallWordsAreLetters(String text, String language, String phonemes) {
        assertThat(spelled(text, language)).isEqualTo(phonemes);
    }

    @Test
    void languageSwitchesDoNotLeak() {
        assertThat(
                        new KokoroSpelling(espeak, KokoroLexicons.none())
                                .phonemize("Le week-end à New York.", "f")
                                .phonemes())
                .doesNotContain("(")
                .isEqualTo("lə wˈiːkˈɛnd a njˈuː jˈɔːk.");
    }

    @Test
    void whatItCannotSpeakIsSaid() {
        assertThatThrownBy(
                        () -> new KokoroSpelling(espeak, KokoroLexicons.none()).phonemize("x", "q"))
                .hasMessageContaining("'q'");
    }
}
