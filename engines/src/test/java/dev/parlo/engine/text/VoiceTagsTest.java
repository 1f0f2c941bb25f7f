package dev.parlo.engine.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

final class VoiceTagsTest {
    private static List<String> said(String text, TextMarkup markup) {
        List<String> said = new ArrayList<>();
        TextReader reader =
                new TextReader(
                        Script.of(text, markup),
                        Wording.of(
                                new Normalizers().of(Locale.US, Normalization.DEFAULT), Locale.US),
                        Lexicon.EMPTY);
        while (reader.hasNext()) {
            if (reader.next() instanceof TextPiece.Say(MappedText words, Manner manner)) {
                said.add(manner.voice() + "/" + manner.rate() + ": " + words.text());
                // every word still knows where it comes from
                String first = words.text().split("\\W+", 2)[0];
                int at = words.sourceStart(0);
                assertThat(text.substring(at)).startsWith(first);
            }
        }
        return said;
    }

    @Test
    void speakersTakeTurns() {
        assertThat(
                        said(
                                "Once. [voice:af_sky]Hi! [rate:1.5] Quick[VOICE: am_adam(2)+af_sky ] Who?",
                                TextMarkup.VOICE_TAGS))
                .containsExactly(
                        "/1.0: Once.",
                        "af_sky/1.0: Hi!",
                        "af_sky/1.5: Quick.",
                        "am_adam(2)+af_sky/1.0: Who?");
        assertThat(Script.of("[voice:a]x[voice:b]y[voice:a]z", TextMarkup.VOICE_TAGS).voices())
                .containsExactly("a", "b");
    }

    @Test
    void theyAreWordsWhereTheyAreNotAskedFor() {
        assertThat(Script.of("[voice:a]x", TextMarkup.PLAIN).voices()).isEmpty();
        assertThat(said("Say [voice:bob] now", TextMarkup.PLAIN))
                .singleElement()
                .asString()
                .contains("voice")
                .contains("bob");
    }

    @Test
    void whatIsWrongIsSaidWithItsPlace() {
        assertThatThrownBy(() -> Script.of("Hi\n [rate:fast]", TextMarkup.VOICE_TAGS))
                .hasMessageContaining("Line 2, column 2")
                .hasMessageContaining("[rate:1.2]");
        assertThatThrownBy(() -> Script.of("[voice: ]", TextMarkup.VOICE_TAGS))
                .hasMessageContaining("names no voice");
    }
}
