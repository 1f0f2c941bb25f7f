package dev.parlo.engine.kokoro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
        espeak = new EspeakNg(new EspeakInstaller(cache, null, null).locate());
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
                "a|Hello world, how are you? (maybe)|həlˈO wˈɜɹld, hˈW ɑɹ ju? (mˈAbi)",
                "a|button butter little mountain rhythm|bˈʌtn bˈʌTəɹ lˈɪTᵊl mˈWntɪn ɹˈɪðəm",
                "a|I owe you a boat — really…|I ˈO ju ə bˈOt — ɹˈiəli…",
                "b|Hello world, the boat can't go over there.|həlˈQ wˈɜːld, ðə bˈQt kˈɑːnt ɡˌQ ˌQvə ðˈɛː.",
                "e|Hola, ¿cómo estás? Muchas gracias.|ˈola, kˈomo estˈas? mˈuʧas ɣɾˈaθjas.",
                "f|Bonjour tout le monde, c'est un garçon.|bɔ̃ʒˈuʁ tulmˈɔ̃d, sɛt œ̃ ɡaʁsˈɔ̃.",
                "i|Ciao, come stai? Gli gnocchi.|ʧˈao, kˌome stˈaj? ʎɪ ɲˈokːɪ.",
                "h|नमस्ते दुनिया|nəmˈʌsteː dˈʊnɪjˌaː"
            })
    void writesKokorosAlphabet(String language, String text, String phonemes) {
        KokoroSpelling.Phonemes spelled = new KokoroSpelling(espeak).phonemize(text, language);
        assertThat(spelled.phonemes()).isEqualTo(phonemes);
        assertThat(spelled.tokens())
                .hasSize(phonemes.codePointCount(0, phonemes.length()))
                .allMatch(id -> id > 0 && id < 178);
    }

    @Test
    void languageSwitchesDoNotLeak() {
        assertThat(new KokoroSpelling(espeak).phonemize("Le week-end à New York.", "f").phonemes())
                .doesNotContain("(")
                .isEqualTo("lə wˈiːkˈɛnd a njˈuː jˈɔːk.");
    }

    @Test
    void whatItCannotSpeakIsSaid() {
        assertThatThrownBy(() -> new KokoroSpelling(espeak).phonemize("こんにちは", "j"))
                .hasMessageContaining("Japanese");
        assertThatThrownBy(() -> new KokoroSpelling(espeak).phonemize("x", "q"))
                .hasMessageContaining("'q'");
    }
}
