package dev.parlo.server.transcription;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Languages by Whisper's own table, whatever the locale of the machine. */
@Tag("locale")
class LanguageNamesTest {
    /** openai-whisper's table, 100 languages. */
    private static final String WHISPER =
            "en english zh chinese de german es spanish ru russian ko korean fr french ja japanese"
                    + " pt portuguese tr turkish pl polish ca catalan nl dutch ar arabic sv swedish"
                    + " it italian id indonesian hi hindi fi finnish vi vietnamese he hebrew"
                    + " uk ukrainian el greek ms malay cs czech ro romanian da danish hu hungarian"
                    + " ta tamil no norwegian th thai ur urdu hr croatian bg bulgarian"
                    + " lt lithuanian la latin mi maori ml malayalam cy welsh sk slovak te telugu"
                    + " fa persian lv latvian bn bengali sr serbian az azerbaijani sl slovenian"
                    + " kn kannada et estonian mk macedonian br breton eu basque is icelandic"
                    + " hy armenian ne nepali mn mongolian bs bosnian kk kazakh sq albanian"
                    + " sw swahili gl galician mr marathi pa punjabi si sinhala km khmer sn shona"
                    + " yo yoruba so somali af afrikaans oc occitan ka georgian be belarusian"
                    + " tg tajik sd sindhi gu gujarati am amharic yi yiddish lo lao uz uzbek"
                    + " fo faroese ht haitian_creole ps pashto tk turkmen nn nynorsk mt maltese"
                    + " sa sanskrit lb luxembourgish my myanmar bo tibetan tl tagalog mg malagasy"
                    + " as assamese tt tatar haw hawaiian ln lingala ha hausa ba bashkir"
                    + " jw javanese su sundanese yue cantonese";

    @Test
    void everyLanguageIsKnownByWhispersCodeAndName() {
        String[] words = WHISPER.split(" ");
        assertThat(words).hasSize(200);
        for (int i = 0; i < words.length; i += 2) {
            String name = words[i + 1].replace('_', ' ');
            assertThat(LanguageNames.code(words[i])).isEqualTo(words[i]);
            assertThat(LanguageNames.code(words[i].toUpperCase(Locale.ROOT) + "-XX"))
                    .isEqualTo(words[i]);
            assertThat(LanguageNames.code(name)).isEqualTo(words[i]);
            assertThat(LanguageNames.code(" " + name.toUpperCase(Locale.ROOT) + " "))
                    .isEqualTo(words[i]);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "burmese,my", "valencian,ca", "flemish,nl", "haitian,ht", "letzeburgesch,lb", "pushto,ps",
        "panjabi,pa", "moldavian,ro", "moldovan,ro", "sinhalese,si", "castilian,es", "mandarin,zh"
    })
    void aliasesOfOpenAiWhisperAreKnown(String alias, String code) {
        assertThat(LanguageNames.code(alias)).isEqualTo(code);
    }

    @ParameterizedTest
    @CsvSource({
        "eng,en", "fra,fr", "fre,fr", "deu,de", "ger,de", "zho,zh", "chi,zh", "cmn,zh", "nld,nl",
        "ces,cs", "gre,el", "fas,fa", "nob,no", "nno,nn", "fil,tl", "jav,jw", "jv,jw", "iw,he",
        "in,id", "nb,no", "haw,haw", "yue,yue", "srp-Latn,sr", "zh-Hant,zh", "pt_BR,pt"
    })
    void threeLettersAndTodaysCodesAreKnown(String given, String code) {
        assertThat(LanguageNames.code(given)).isEqualTo(code);
    }

    @ParameterizedTest
    @ValueSource(strings = {"xx", "klingon", "e", "", "-", "und", "english creole"})
    void whatIsNotALanguageIsNot(String given) {
        assertThat(LanguageNames.code(given)).isNull();
    }
}
