package dev.parlo.engine.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Items of Japanese and Mandarin keep their places in the text, and no cut falls within one. */
@Tag("locale")
final class EasternItemsTest {
    private static TextNormalizer normalizer(String language) {
        return language.equals("ja")
                ? TextNormalizer.japanese(Normalization.DEFAULT)
                : TextNormalizer.mandarin(Normalization.DEFAULT);
    }

    /** What stands in the source for the words at each place, one entry for one item. */
    private static List<String> items(String language, String text) {
        MappedText said = normalizer(language).normalize(MappedText.of(text));
        List<String> items = new ArrayList<>();
        int last = -1;
        for (int i = 0; i < said.length(); i++) {
            String written = text.substring(said.sourceStart(i), said.sourceEnd(i));
            if (written.chars().anyMatch(Character::isDigit) && said.sourceStart(i) != last) {
                items.add(written);
                last = said.sourceStart(i);
            }
        }
        return items;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ja | 会議は2024年3月5日に始まる | 2024年3月5日",
                "ja | 3月5日から | 3月5日",
                "ja | 午前10時5分に | 10時5分",
                "ja | 2024/3/5は | 2024/3/5",
                "ja | 時間は9:00〜17:00です | 9:00〜17:00",
                "ja | 答えは7-2=5だ | 7-2=5",
                "ja | 電話は03-1234-5678へ | 03-1234-5678",
                "ja | 約10%〜20%で | 10%〜20%",
                "ja | 気温は-5度だ | -5度",
                "ja | 価格はUS$1,234.50だ | US$1,234.50",
                "zh | 会议在2024年3月5日开始 | 2024年3月5日",
                "zh | 我们3月5号去 | 3月5号",
                "zh | 气温是-3.5℃吗 | -3.5℃",
                "zh | 比分是3:2了 | 3:2",
                "zh | 大约5%-10%吧 | 5%-10%",
                "zh | 电话是010-12345678吗 | 010-12345678",
                "zh | 总共1.5亿美元 | 1.5",
                "zh | 每天9:00-17:00上班 | 9:00-17:00"
            })
    void anItemIsOnePlaceInTheText(String language, String text, String item) {
        assertThat(items(language, text)).containsExactly(item);
    }

    @Test
    void whatOneKindWroteIsNoPartOfAnother() {
        assertThat(normalizer("ja").normalize(MappedText.of("9:00〜17:00")).text())
                .isEqualTo("クジからジューシチジ");
        assertThat(normalizer("zh").normalize(MappedText.of("9:00-17:00")).text())
                .isEqualTo("九点到十七点");
        assertThat(normalizer("ja").normalize(MappedText.of("テスト3回")).text()).isEqualTo("テスト サンカイ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ja", "zh"})
    void noCutIsWithinAnItemEvenWhereThereIsNoMarkAndNoSpace(String language) {
        String item = "2024年12月25日10:30の電話03-1234-5678と1,234,567円を";
        for (int before = 1; before < 120; before++) {
            String text = "本".repeat(before) + item.repeat(6);
            TextReader reader =
                    new TextReader(
                            Script.of(text, TextMarkup.PLAIN),
                            Wording.of(normalizer(language), Locale.forLanguageTag(language)),
                            Lexicon.EMPTY);
            ChunkPlanner plan =
                    new ChunkPlanner(reader, ChunkPlanner.Lengths.IDEOGRAPHIC, before % 2 == 0);
            int reached = 0;
            int chunks = 0;
            while (plan.hasNext()) {
                if (plan.next() instanceof TextPiece.Say(MappedText said, Manner manner)) {
                    assertThat(manner).isEqualTo(Manner.NORMAL);
                    reached = wholeItems(said, reached);
                    int middle = Clauses.middle(said);
                    wholeItems(said.sub(middle, said.length()).strip(), said.sourceEnd(middle - 1));
                    chunks++;
                }
            }
            assertThat(reached).isEqualTo(text.length());
            assertThat(chunks).isGreaterThan(1);
        }
    }

    /** Where the source was reached; a cut within an item would begin before that again. */
    private static int wholeItems(MappedText chunk, int reached) {
        assertThat(chunk.sourceStart(0)).as(chunk.text()).isGreaterThanOrEqualTo(reached);
        return chunk.sourceEnd(chunk.length() - 1);
    }
}
