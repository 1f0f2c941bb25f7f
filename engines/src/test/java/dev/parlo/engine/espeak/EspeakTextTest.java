package dev.parlo.engine.espeak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parlo.engine.EngineException;
import dev.parlo.engine.SpeechOptions;
import dev.parlo.engine.SpokenWord;
import dev.parlo.engine.text.Lexicon;
import dev.parlo.engine.text.Reading;
import dev.parlo.engine.text.TextMarkup;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What espeak-ng makes of a text: words with times, pauses, SSML, given pronunciations. */
@Tag("locale")
final class EspeakTextTest extends OpenEspeak {
    @Test
    void wordsCarryTheirOwnTextAndRisingTimes() {
        List<SpokenWord> words =
                speak(
                                "Hello **brave** world. [pause:0.5s] It costs $2.50, really.",
                                SpeechOptions.of("en-us").withWordTimes(true))
                        .stream()
                        .flatMap(chunk -> chunk.words().stream())
                        .toList();
        assertThat(words.stream().map(SpokenWord::text))
                .containsExactly("Hello", "brave", "world.", "It", "costs", "$2.50,", "really.");
        for (int i = 0; i < words.size(); i++) {
            assertThat(words.get(i).end()).isGreaterThan(words.get(i).start());
            if (i > 0) {
                assertThat(words.get(i).start())
                        .isGreaterThanOrEqualTo(words.get(i - 1).end() - 1e-9);
            }
        }
        assertThat(words.get(3).start() - words.get(2).end()).isGreaterThanOrEqualTo(0.5);
    }

    private static List<String> captions(String text) {
        return speak(text, SpeechOptions.of("en-us").withWordTimes(true)).stream()
                .flatMap(chunk -> chunk.words().stream())
                .map(SpokenWord::text)
                .toList();
    }

    @Test
    void captionsHaveEveryWordOnceInOrderAlsoWhereEspeakMergesThem() {
        String text =
                "The rapid development of the new transportation system in the metropolitan area"
                        + " around the capital city has been delayed again by the council.";
        assertThat(captions(text)).containsExactly(text.split(" "));
        String items =
                "At 8 a.m. on May 5, 2024 he paid $157,250.75 for 1 1/2 of 3 - 1 at 5:03 pm.";
        assertThat(captions(items)).containsExactly(items.split(" "));
    }

    @Test
    void captionsHoldNoMarkdown() {
        assertThat(
                        captions(
                                "See [the docs](https://e.com/a). **bar**, `x_y` and [stop](x) C# now."))
                .containsExactly("See", "the", "docs.", "bar,", "x_y", "and", "stop", "C#", "now.");
        assertThat(captions("| Name | Age |\n|---|---|\n| Ann | 5 |\n"))
                .containsExactly("Name", "Age", "Ann", "5");
    }

    @Test
    void pausesAreSilenceOfTheAskedLength() {
        int without = samples("One. Two.", SpeechOptions.of("en-us")).length;
        int with = samples("One. [pause:1.5s] Two.", SpeechOptions.of("en-us")).length;
        assertThat((double) (with - without) / engine.sampleRate()).isBetween(1.3, 2.2);
        float[] silence = samples("[pause:2s]", SpeechOptions.of("en-us"));
        assertThat(silence).hasSize(2 * engine.sampleRate()).containsOnly(0f);
    }

    private static SpeechOptions ssml(String voice) {
        return SpeechOptions.of(voice).withReading(Reading.PLAIN.withMarkup(TextMarkup.SSML));
    }

    @Test
    void ssmlPausesChangesVoicesAndKeepsWordTimes() {
        List<SpokenWord> words =
                speak(
                                "<speak>Hello <emphasis>brave</emphasis><break time='700ms'/>new <voice"
                                        + " name='fr-fr'>monde</voice> <prosody rate='slow'"
                                        + " volume='silent'><sub alias='and more'>etc</sub></prosody></speak>",
                                ssml("en-us").withWordTimes(true))
                        .stream()
                        .flatMap(chunk -> chunk.words().stream())
                        .toList();
        assertThat(words.stream().map(SpokenWord::text))
                .containsExactly("Hello", "brave", "new", "monde", "etc");
        for (int i = 1; i < words.size(); i++) {
            assertThat(words.get(i).start()).isGreaterThanOrEqualTo(words.get(i - 1).end() - 1e-9);
        }
        assertThat(words.get(2).start() - words.get(1).end()).isGreaterThanOrEqualTo(0.7);
        float[] silent =
                samples("<speak><prosody volume='silent'>Hi</prosody></speak>", ssml("en-us"));
        assertThat(power(silent, 0, silent.length)).isLessThan(1e-3);
        assertThatThrownBy(() ->
                        speak(
                                "<speak>Hi <voice name='xx-nobody'>you</voice></speak>",
                                ssml("en-us")))
                .hasMessageContaining("xx-nobody");
    }

    @Test
    void phonemesAreSpokenAsTheyAreGiven() {
        SpeechOptions options = SpeechOptions.of("en-us").withWordTimes(true);
        float[] tomato = samples("I say tomato now.", options);
        assertThat(alike(samples("I say [xyz](/təmˈeɪɾoʊ/) now.", options), tomato)).isTrue();
        assertThat(alike(samples("I say [tomato](/bˈi/) now.", options), tomato)).isFalse();
        assertThat(
                        speak("I say [tomato](/təmˈɑːtoʊ/) [[now]].", options).stream()
                                .flatMap(chunk -> chunk.words().stream())
                                .map(SpokenWord::text))
                .hasSize(4)
                .startsWith("I", "say", "tomato");
        // a sound that the voice has not got: the word is said as it is written
        assertThat(alike(samples("I say [tomato](/ǃǁ/) now.", options), tomato)).isTrue();
    }

    @Test
    void theRequestsPronunciationsGoBeforeTheEngines() {
        Reading reading =
                Reading.PLAIN.withLexicon(
                        new Lexicon(Map.of("qzx", "nine hundred thousand and two")));
        int plain = samples("Say it qzx.", SpeechOptions.of("en-us")).length;
        int said = samples("Say it QZX.", SpeechOptions.of("en-us").withReading(reading)).length;
        assertThat(said).isNotEqualTo(plain);
        assertThat(
                        alike(
                                samples(
                                        "Say it QZX.",
                                        SpeechOptions.of("en-us").withReading(reading)),
                                samples(
                                        "Say it nine hundred thousand and two.",
                                        SpeechOptions.of("en-us"))))
                .isTrue();
    }

    @Test
    void nothingToSpeakIsTheCallersError() {
        for (String text : List.of("", "  \n ", "😀", "***")) {
            assertThatThrownBy(() -> speak(text, SpeechOptions.of("en-us")))
                    .isInstanceOfSatisfying(
                            EngineException.class,
                            e ->
                                    assertThat(e.category())
                                            .isEqualTo(EngineException.Category.BAD_REQUEST));
        }
    }
}
