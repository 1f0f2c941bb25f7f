package dev.parlo.engine.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read letter by letter may be long; no engine gets it in one piece. */
final class LongSayAsTest {
    private static final int COUNT = 20_000;

    @ParameterizedTest
    @ValueSource(
            strings = {"digits", "telephone", "characters", "cardinal", "ordinal", "date", "x"})
    void aLongSayAsIsSpokenWholeAndInChunks(String interpretAs) {
        String ssml =
                "<speak><say-as interpret-as=\""
                        + interpretAs
                        + "\">"
                        + "7".repeat(COUNT)
                        + "</say-as></speak>";
        TextReader reader =
                new TextReader(
                        Script.of(ssml, TextMarkup.SSML),
                        Wording.of(TextNormalizer.plain(Normalization.DEFAULT), Locale.ENGLISH),
                        Lexicon.EMPTY);
        ChunkPlanner chunks = new ChunkPlanner(reader, ChunkPlanner.Lengths.FORMANT, true);
        int spoken = 0;
        while (chunks.hasNext()) {
            if (chunks.next() instanceof TextPiece.Say(MappedText text, Manner manner)) {
                assertThat(text.length())
                        .isLessThanOrEqualTo(ChunkPlanner.Lengths.FORMANT.longest());
                spoken += text.text().split("seven", -1).length - 1;
                spoken += (int) text.text().chars().filter(c -> c == '7').count();
            }
        }
        assertThat(spoken).isEqualTo(COUNT);
    }
}
