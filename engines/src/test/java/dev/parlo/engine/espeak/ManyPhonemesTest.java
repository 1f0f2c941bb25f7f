package dev.parlo.engine.espeak;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.SpeechOptions;
import dev.parlo.engine.text.Lexicon;
import dev.parlo.engine.text.Reading;
import dev.parlo.engine.text.TextMarkup;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** More phonemes than the library's buffers hold are spoken all the same, each of them. */
final class ManyPhonemesTest {
    private static final int[] COUNTS = {100, 199, 200, 202, 220, 240, 288, 291, 292, 600, 2000};

    @TempDir static Path cache;

    private static EspeakEngine engine;

    @BeforeAll
    static void open() {
        engine = TestEspeak.engine(cache, 8);
    }

    @AfterAll
    static void close() {
        engine.close();
    }

    private static double seconds(String text, Reading reading) {
        SpeechOptions options = SpeechOptions.of("en-us").withReading(reading);
        return engine.speak(text, options, chunk -> {}, new Cancellation()).seconds();
    }

    private static double ssml(String phonemes) {
        return seconds(
                "<speak><phoneme alphabet=\"ipa\" ph=\"" + phonemes + "\">x</phoneme></speak>",
                Reading.PLAIN.withMarkup(TextMarkup.SSML));
    }

    @Test
    void everyPhonemeOfSsmlIsSpokenHoweverManyThereAre() {
        for (String phoneme : new String[] {"a", "tə", "ˈaː", "kæt "}) {
            double one = ssml(phoneme.repeat(100)) / 100;
            for (int count : COUNTS) {
                assertThat(ssml(phoneme.repeat(count)) / count)
                        .as("%s × %d", phoneme, count)
                        .isBetween(one * 0.6, one * 1.4);
            }
        }
    }

    @Test
    void everyPhonemeOfAPronunciationIsSpokenHoweverManyThereAre() {
        double few = seconds("one", lexicon(100));
        assertThat(seconds("one", lexicon(292))).isBetween(few * 2, few * 4);
        double inline = seconds("[one](/" + "tə".repeat(100) + "/)", Reading.PLAIN);
        assertThat(inline).isBetween(few * 0.5, few * 4);
    }

    private static Reading lexicon(int count) {
        return Reading.PLAIN.withLexicon(
                new Lexicon(Map.of("one", "/" + "tə".repeat(count) + "/")));
    }

    @Test
    void aTextOfMoreWordsThanAClauseHoldsIsSpokenToItsEnd() {
        double few = seconds("a1".repeat(60), Reading.PLAIN);
        assertThat(seconds("a1".repeat(600), Reading.PLAIN)).isBetween(few * 8, few * 12);
    }
}
