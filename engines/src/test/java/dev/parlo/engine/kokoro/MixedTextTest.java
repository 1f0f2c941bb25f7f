package dev.parlo.engine.kokoro;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.engine.speech.WordTimes;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The Japanese and the Mandarin front end on whatever text there is. */
@Tag("locale")
final class MixedTextTest {
    private static final List<Function<String, List<WordTimes.Spoken>>> FRONT_ENDS =
            List.of(
                    new JapaneseWords()::words,
                    new MandarinWords(MandarinAlphabet.IPA)::words,
                    new MandarinWords(MandarinAlphabet.BOPOMOFO)::words);

    private static List<MixedText.Token> tokens(
            String text, Function<String, List<WordTimes.Spoken>> words) {
        return MixedText.tokens(
                text, words, latin -> latin.stream().map(word -> "L").toList(), mark -> "M");
    }

    @Property(tries = 150)
    void everyWordIsInTheTextAndInOrder(@ForAll("texts") String text) {
        for (Function<String, List<WordTimes.Spoken>> words : FRONT_ENDS) {
            int end = 0;
            for (MixedText.Token token : tokens(text, words)) {
                assertThat(token.start()).isGreaterThanOrEqualTo(end);
                assertThat(token.end()).isBetween(token.start() + 1, text.length());
                end = token.end();
            }
        }
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.strings()
                .withChars("東京我的行了一二〇々ーアンッカきゃぁゔ、。「」《》12９aZé'’ \n!?…\uD842\uDFB7한яﾊﾞ")
                .ofMaxLength(60);
    }

    @Tag("once")
    @ParameterizedTest
    @Timeout(180)
    @ValueSource(strings = {"東", "ア", "ー", "1", "a", "'", "、", "「", "かんじ ", "行", "\uD842\uDFB7"})
    void repetitionTakesLinearTime(String part) {
        String text = part.repeat(20_000 / part.length());
        for (Function<String, List<WordTimes.Spoken>> words : FRONT_ENDS) {
            List<MixedText.Token> tokens = new ArrayList<>();
            // as in the engine, a chunk at a time
            for (int at = 0; at < text.length(); at += 200) {
                tokens.addAll(tokens(text.substring(at, Math.min(text.length(), at + 200)), words));
            }
            assertThat(tokens.size()).isLessThanOrEqualTo(text.length());
        }
    }

    @Test
    void wordsAreApartAndMarksWhereTheyBelong() {
        assertThat(
                        MixedText.joined(
                                tokens(
                                        "东京「东京」、a(东)…",
                                        text ->
                                                List.of(
                                                        new WordTimes.Spoken(
                                                                0, text.length(), "x"))),
                                (before, after) -> " "))
                .isEqualTo("x “x”, L (x)…");
    }

    @ParameterizedTest
    @CsvSource({
        "zhuang,1,ꭧwa→ŋ",
        "nü,3,ny↓",
        "lv,4,ly↘",
        "xue,2,ɕɥe↗",
        "yuan,2,ɥɛ↗n",
        "juan,4,ʨɥɛ↘n",
        "shi,4,ʂɨ↘",
        "zi,5,ʦɨ",
        "qi,1,ʨʰi→",
        "er,4,ɚ↘",
        "bo,1,pwo→",
        "wo,3,wo↓",
        "weng,1,wə→ŋ",
        "you,3,jou↓",
        "liu,4,ljou↘",
        "gui,4,kwei↘",
        "dun,4,twə↘n",
        "xiong,2,ɕjʊ↗ŋ",
        "yong,4,jʊ↘ŋ",
        "yi,1,i→",
        "ying,2,i↗ŋ",
        "wu,3,u↓",
        "yue,4,ɥe↘",
        "an,1,a→n",
        "ri,4,ɻɨ↘",
        "hng,5,xŋ",
        "foo,1,''"
    })
    void syllablesFollowTheTable(String pinyin, int tone, String ipa) {
        assertThat(MandarinSyllable.ipa(pinyin, tone)).isEqualTo(ipa);
    }

    @ParameterizedTest
    @CsvSource({
        "シンブン,ɕimbɯɴ",
        "サンカイ,saŋkai",
        "コンニャク,koɲɲakɯ",
        "アンナイ,annai",
        "ホンヤ,hoɴja",
        "キョー,kʲoː",
        "チューゴク,ʨɨːɡokɯ",
        "ファン,ɸaɴ",
        "ヴァイオリン,vaioɾʲiɴ",
        "ガッコー,ɡaʔkoː",
        "ティー,tʲiː",
        "ウィーク,βiːkɯ",
        "ヂヅ,ʥizɨ",
        "ヲ,o",
        "クァ,kᵝa",
        "ン,ɴ",
        "x,''"
    })
    void moraeFollowTheTable(String kana, String ipa) {
        assertThat(JapaneseMorae.ipa(kana)).isEqualTo(ipa);
    }
}
