package dev.parlo.engine.espeak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.SpeechChunk;
import dev.parlo.engine.SpeechOptions;
import dev.parlo.engine.UnknownVoiceException;
import dev.parlo.engine.Voice;
import dev.parlo.engine.admission.Admission;
import dev.parlo.engine.cache.CacheFolder;
import dev.parlo.engine.text.Lexicon;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Voices of espeak-ng, and requests side by side. */
@Tag("locale")
final class EspeakEngineTest extends OpenEspeak {
    @Test
    void speaksAudibly() {
        float[] speech = samples("Hello world.", SpeechOptions.of("en-us"));
        double seconds = (double) speech.length / engine.sampleRate();
        double power = 0;
        for (float sample : speech) {
            power += sample * sample;
        }
        assertThat(seconds).isBetween(0.5, 3.0);
        assertThat(Math.sqrt(power / speech.length)).isGreaterThan(0.02);
    }

    @Test
    void everyListedLanguageSpeaksAndVoicesDiffer() {
        List<String> ids = engine.voices().stream().map(v -> v.id()).toList();
        assertThat(ids)
                .contains("en-us", "en-gb", "fr-fr", "de", "es", "cmn", "en-us+f3")
                .hasSizeGreaterThan(150);
        assertThat(
                        alike(
                                samples("1 2 3", SpeechOptions.of("de")),
                                samples("1 2 3", SpeechOptions.of("fr"))))
                .isFalse();
        for (Voice voice : engine.voices()) {
            assertThat(samples("1", SpeechOptions.of(voice.id())))
                    .as(voice.id())
                    .hasSizeGreaterThan(2000);
        }
    }

    @Test
    void noTwoVoicesShareAnIdAndEachCanBeChosen() {
        List<String> ids = engine.voices().stream().map(Voice::id).toList();
        assertThat(ids).doesNotHaveDuplicates().contains("yue", "yue-Latn-jyutping");
        assertThat(ids.stream().map(id -> id.toLowerCase(java.util.Locale.ROOT)))
                .doesNotHaveDuplicates();
        assertThat(engine.voices().stream().map(Voice::name))
                .allSatisfy(name -> assertThat(name).isEqualTo(name.strip()));
        // the same digits, read as Jyutping by one of them
        assertThat(
                        alike(
                                samples("nei5 hou2", SpeechOptions.of("yue")),
                                samples("nei5 hou2", SpeechOptions.of("yue-Latn-jyutping"))))
                .isFalse();
    }

    @Test
    void unknownVoiceNamesTheVoicesThatExist() {
        assertThatThrownBy(() -> engine.check(SpeechOptions.of("klingon9")))
                .isInstanceOfSatisfying(
                        UnknownVoiceException.class,
                        e -> assertThat(e.voices()).contains("en-us", "fr-fr"))
                .hasMessageContaining("Voice 'klingon9' is not supported. Supported voices: ");
        assertThatThrownBy(() -> engine.check(SpeechOptions.of("en-us+nobody")))
                .isInstanceOf(UnknownVoiceException.class);
    }

    @Test
    void languageOverridesTheVoicesOwn() {
        assertThat(
                        alike(
                                samples("Bonjour", SpeechOptions.of("en-us").withLanguage("fr")),
                                samples("Bonjour", SpeechOptions.of("fr"))))
                .isTrue();
        assertThat(
                        alike(
                                samples("Bonjour", SpeechOptions.of("en-us")),
                                samples("Bonjour", SpeechOptions.of("fr"))))
                .isFalse();
        assertThatThrownBy(() -> engine.check(SpeechOptions.of("en-us").withLanguage("xx-none")))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("xx-none");
    }

    @Test
    void fasterIsShorter() {
        String text = "The quick brown fox jumps over the lazy dog.";
        int slow = samples(text, SpeechOptions.of("en-us").withSpeed(0.5)).length;
        int normal = samples(text, SpeechOptions.of("en-us")).length;
        int fast = samples(text, SpeechOptions.of("en-us").withSpeed(2)).length;
        assertThat((double) slow / normal).isGreaterThan(1.5);
        assertThat((double) normal / fast).isGreaterThan(1.5);
    }

    @Test
    void concurrentRequestsInFourLanguagesGetWhatTheyGetAlone() throws Exception {
        List<SpeechOptions> options =
                List.of(
                        SpeechOptions.of("en-us"),
                        SpeechOptions.of("fr"),
                        SpeechOptions.of("de").withSpeed(1.5),
                        SpeechOptions.of("es+f2"));
        String text = "One two three four. Five six. Seven eight nine ten, eleven twelve.";
        List<float[]> alone = options.stream().map(o -> samples(text, o)).toList();
        try (ExecutorService pool = Executors.newFixedThreadPool(8)) {
            List<Callable<float[]>> calls = new ArrayList<>();
            for (int i = 0; i < 48; i++) {
                SpeechOptions option = options.get(i % options.size());
                calls.add(() -> samples(text, option));
            }
            List<Future<float[]>> results = pool.invokeAll(calls);
            for (int i = 0; i < results.size(); i++) {
                assertThat(alike(results.get(i).get(), alone.get(i % options.size())))
                        .as("request %d", i)
                        .isTrue();
            }
        }
    }

    @Test
    void twoInstancesInOneProcessDoNotShareState() {
        try (EspeakNg other =
                new EspeakNg(new EspeakInstaller(CacheFolder.at(cache), null, null).locate())) {
            float[] before = samples("Guten Tag", SpeechOptions.of("de"));
            other.synthesize("roa/fr", "Bonjour", 300, false, new Cancellation());
            assertThat(alike(samples("Guten Tag", SpeechOptions.of("de")), before)).isTrue();
        }
    }

    @Test
    void cancellingStopsWithinAChunk() {
        String book = "This sentence is one of very many in a long book. ".repeat(500);
        Cancellation cancellation = new Cancellation();
        List<SpeechChunk> chunks = new ArrayList<>();
        assertThatThrownBy(() ->
                        engine.speak(
                                book,
                                SpeechOptions.of("en-us"),
                                chunk -> {
                                    chunks.add(chunk);
                                    if (chunks.size() == 2) {
                                        cancellation.cancel();
                                    }
                                },
                                cancellation))
                .isInstanceOfSatisfying(
                        EngineException.class,
                        e ->
                                assertThat(e.category())
                                        .isEqualTo(EngineException.Category.CANCELLED));
        assertThat(chunks).hasSize(2);
    }

    @Test
    void firstChunkIsOneSentence() {
        List<SpeechChunk> chunks =
                speak(
                        "Yes, of course. "
                                + "And then there is much more to say about it. ".repeat(40),
                        SpeechOptions.of("en-us"));
        assertThat(chunks.getFirst().samples().length).isLessThan(2 * engine.sampleRate());
        assertThat(chunks).hasSizeGreaterThan(5);
    }

    @Test
    void aFullHouseTurnsRequestsAway() {
        try (EspeakEngine small =
                new EspeakEngine(
                        new EspeakNg(
                                new EspeakInstaller(CacheFolder.at(cache), null, null).locate()),
                        Lexicon.EMPTY,
                        new Admission(1, 1))) {
            small.speak(
                    "One.",
                    SpeechOptions.of("en-us"),
                    chunk ->
                            assertThatThrownBy(() ->
                                            small.speak(
                                                    "Two.",
                                                    SpeechOptions.of("en-us"),
                                                    c -> {},
                                                    new Cancellation()))
                                    .isInstanceOfSatisfying(
                                            EngineException.class,
                                            e ->
                                                    assertThat(e.category())
                                                            .isEqualTo(
                                                                    EngineException.Category
                                                                            .OVERLOADED)),
                    new Cancellation());
        }
    }
}
