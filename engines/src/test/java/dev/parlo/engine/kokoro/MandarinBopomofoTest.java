package dev.parlo.engine.kokoro;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Mandarin in the alphabet of Kokoro 1.1-zh, by the table of its training's front end. */
class MandarinBopomofoTest {
    @ParameterizedTest
    @CsvSource({
        "ni,3,ㄋㄧ3",
        "hao,3,ㄏㄠ3",
        "zhuang,1,ㄓ王1",
        "nü,3,ㄋㄩ3",
        "lv,4,ㄌㄩ4",
        "xue,2,ㄒ月2",
        "yuan,2,元2",
        "juan,4,ㄐ元4",
        "shi,4,ㄕ十4",
        "ri,4,ㄖ十4",
        "zi,5,ㄗㄭ5",
        "si,4,ㄙㄭ4",
        "qi,1,ㄑㄧ1",
        "er,4,ㄦ4",
        "bo,1,ㄅㄛ1",
        "wo,3,我3",
        "weng,1,瓮1",
        "you,3,又3",
        "liu,4,ㄌ又4",
        "gui,4,ㄍ为4",
        "dun,4,ㄉ文4",
        "xiong,2,ㄒ用2",
        "zhong,1,ㄓ中1",
        "ye,3,ㄝ3",
        "yi,1,ㄧ1",
        "ying,2,应2",
        "wu,3,ㄨ3",
        "an,1,ㄢ1",
        "foo,1,''"
    })
    void syllablesFollowTheTable(String pinyin, int tone, String symbols) {
        assertThat(MandarinBopomofo.of(pinyin, tone)).isEqualTo(symbols);
    }

    @ParameterizedTest
    @CsvSource({
        "你好,ㄋㄧ2ㄏㄠ3",
        "不是,ㄅㄨ2ㄕ十4",
        "不好,ㄅㄨ4ㄏㄠ3",
        "一定,ㄧ2ㄉ应4",
        "一天,ㄧ4ㄊ言1",
        "第一,ㄉㄧ4ㄧ1",
        "十一点,ㄕ十2ㄧ1ㄉ言3",
        "看一看,ㄎㄢ4ㄧ5ㄎㄢ4"
    })
    void tonesAreWrittenAsTheyAreSpokenBesideEachOther(String text, String symbols) {
        assertThat(
                        new MandarinWords(MandarinAlphabet.BOPOMOFO)
                                .words(text).stream()
                                        .map(word -> word.phonemes())
                                        .collect(Collectors.joining()))
                .isEqualTo(symbols);
    }

    @ParameterizedTest
    @CsvSource({"ㄋㄧ3,ㄏㄠ3,/", "ㄋㄧ3,həlˈO,' '", "həlˈO,ㄏㄠ3,' '"})
    void onlyWordsOfTheAlphabetAreApartByASlash(String before, String after, String gap) {
        assertThat(MandarinAlphabet.BOPOMOFO.gap(before, after)).isEqualTo(gap);
    }
}
