package dev.parlo.engine.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("locale")
final class JapaneseNumbersTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0|ゼロ",
                "10|ジュー",
                "300|サンビャク",
                "600|ロッピャク",
                "888|ハッピャクハチジューハチ",
                "1000|セン",
                "3000|サンゼン",
                "8000|ハッセン",
                "10000|イチマン",
                "10000000|イッセンマン",
                "100000000|イチオク",
                "1000000000000|イッチョー",
                "3.14|サンテンイチヨン",
                "090|ゼロキューゼロ",
                "1,234|センニヒャクサンジューヨン"
            })
    void readsNumbers(String digits, String kana) {
        assertThat(JapaneseNumbers.number(digits)).isEqualTo(kana);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1本|イッポン",
                "3本|サンボン",
                "4本|ヨンホン",
                "6匹|ロッピキ",
                "10分|ジュップン",
                "3分|サンプン",
                "4分|ヨンプン",
                "1人|ヒトリ",
                "4人|ヨニン",
                "11人|ジューイチニン",
                "4月|シガツ",
                "7時|シチジ",
                "9時|クジ",
                "19時|ジュークジ",
                "4年|ヨネン",
                "20日|ハツカ",
                "21日|ニジューイチニチ",
                "3階|サンガイ",
                "1歳|イッサイ",
                "8冊|ハッサツ",
                "100回|ヒャッカイ",
                "9つ|ココノツ",
                "5万|ゴマン",
                "3分の1|サンブンノイチ",
                "¥500|ゴヒャクエン",
                "5-10個|ゴからジュッコ",
                "気温は-3°C|気温はマイナスサン度",
                "８：０５|ハチジゴフン",
                "90%|キュージューパーセント",
                "5kmです|ゴキロメートルです"
            })
    void writesOut(String text, String kana) {
        TextNormalizer normalizer = TextNormalizer.japanese(Normalization.DEFAULT);
        assertThat(normalizer.normalize(MappedText.of(text)).text()).isEqualTo(kana);
    }
}
