package dev.parlo.engine.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("locale")
final class MandarinNumbersTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0|零",
                "10|十",
                "17|十七",
                "20|二十",
                "105|一百零五",
                "110|一百一十",
                "1,010|一千零一十",
                "10000|一万",
                "100200|十万零二百",
                "10203040|一千零二十万三千零四十",
                "100000000|一亿",
                "100000001|一亿零一",
                "3.14|三点一四",
                "007|零零七",
                "12345678901234567|一二三四五六七八九零一二三四五六七",
                "100010000|一亿零一万"
            })
    void readsNumbers(String digits, String characters) {
        assertThat(MandarinNumbers.number(digits)).isEqualTo(characters);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "涨了50%|涨了百分之五十", "气温是-5°C|气温是负五摄氏度", "¥12.5|十二点五元", "$3|三美元", "3-5公里|三到五公里",
                "买了2个|买了两个", "12个|十二个", "1/2|二分之一", "2024-05-01|二零二四年五月一日", "1998年|一九九八年",
                "8:05|八点零五分", "9:00|九点", "电话13800138000|电话一三八零零一三八零零零", "１０ｋｍ|十公里"
            })
    void writesOut(String text, String characters) {
        TextNormalizer normalizer = TextNormalizer.mandarin(Normalization.DEFAULT);
        assertThat(normalizer.normalize(MappedText.of(text)).text()).isEqualTo(characters);
    }
}
