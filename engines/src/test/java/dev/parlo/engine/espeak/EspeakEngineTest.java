package dev.parlo.engine.espeak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.SpeechChunk;
import dev.parlo.engine.SpeechOptions;
import dev.parlo.engine.SpokenWord;
import dev.parlo.engine.UnknownVoiceException;
import dev.parlo.engine.Voice;
import dev.parlo.engine.admission.Admission;
import dev.parlo.engine.cache.CacheFolder;
import dev.parlo.engine.text.Lexicon;
import dev.parlo.engine.text.Reading;
import dev.parlo.engine.text.TextMarkup;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("locale")
final class EspeakEngineTest {
    @TempDir static Path cache;

    private static EspeakEngine engine;

    @BeforeAll
    static void open() {
        engine = TestEspeak.engine(cache, 64);
    }

    @AfterAll
    static void close() {
        engine.close();
    }

    private static List<SpeechChunk> speak(String text, SpeechOptions options) {
        List<SpeechChunk> chunks = new ArrayList<>();
        engine.speak(text, options, chunks::add, new Cancellation());
        return chunks;
    }

    private static float[] samples(String text, SpeechOptions options) {
        List<SpeechChunk> chunks = speak(text, options);
        float[] all = new float[chunks.stream().mapToInt(c -> c.samples().length).sum()];
        int at = 0;
        for (SpeechChunk chunk : chunks) {
            System.arraycopy(chunk.samples(), 0, all, at, chunk.samples().length);
            at += chunk.samples().length;
        }
        return all;
    }

    /**
     * The same words by the same voice: espeak-ng's noise and flutter go on from call to call, so
     * that two runs differ a little.
     */
    private static boolean alike(float[] a, float[] b) {
        if (Math.abs(a.length - b.length) > a.length / 50) {
            return false;
        }
        int window = engine.sampleRate() / 20;
        double difference = 0;
        double sum = 0;
        for (int at = 0; at + window <= Math.min(a.length, b.length); at += window) {
            double x = power(a, at, window);
            double y = power(b, at, window);
            difference += Math.abs(x - y);
            sum += x + y;
        }
        return difference < 0.1 * sum;
    }

    private static double power(float[] samples, int at, int count) {
        double power = 0;
        for (int i = at; i < at + count; i++) {
            power += samples[i] * samples[i];
        }
        return Math.sqrt(power);
    }

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
