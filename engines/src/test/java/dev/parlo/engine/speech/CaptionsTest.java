package dev.parlo.engine.speech;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.SpeechChunk;
import dev.parlo.engine.SpeechMark;
import dev.parlo.engine.SpeechOptions;
import dev.parlo.engine.SpokenText;
import dev.parlo.engine.SpokenWord;
import dev.parlo.engine.TextToSpeech;
import dev.parlo.engine.admission.Admission;
import dev.parlo.engine.cache.CacheFolder;
import dev.parlo.engine.espeak.EspeakEngine;
import dev.parlo.engine.espeak.EspeakInstaller;
import dev.parlo.engine.espeak.EspeakNg;
import dev.parlo.engine.kokoro.KokoroEngine;
import dev.parlo.engine.kokoro.KokoroLexicons;
import dev.parlo.engine.piper.PiperEngine;
import dev.parlo.engine.text.Lexicon;
import dev.parlo.engine.text.Reading;
import dev.parlo.engine.text.TextMarkup;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Captions and marks, which every engine makes in its own way: espeak-ng from its events, Kokoro
 * and Piper from the durations of their phonemes.
 */
final class CaptionsTest {
    @TempDir static Path folder;

    private record Engine(TextToSpeech speech, String voice) {}

    private static final Map<String, Engine> ENGINES = new LinkedHashMap<>();

    @BeforeAll
    static void open() throws IOException {
        ENGINES.put(
                "espeak",
                new Engine(
                        new EspeakEngine(espeak(), Lexicon.EMPTY, new Admission(1, 8)), "en-us"));
        ENGINES.put("kokoro", new Engine(kokoro(), "af_one"));
        ENGINES.put("piper", new Engine(piper(), "any"));
    }

    @AfterAll
    static void close() {
        ENGINES.values().forEach(engine -> engine.speech().close());
    }

    private static EspeakNg espeak() {
        return new EspeakNg(
                new EspeakInstaller(CacheFolder.at(folder.resolve("cache")), null, null).locate());
    }

    private static TextToSpeech kokoro() throws IOException {
        Path kokoro = folder.resolve("kokoro");
        Files.createDirectories(kokoro.resolve("voices"));
        TinySpeechModels.kokoro(kokoro.resolve("model.onnx"), TinySpeechModels.Family.C, false);
        ByteBuffer voice = ByteBuffer.allocate(510 * 256 * 4).order(ByteOrder.LITTLE_ENDIAN);
        while (voice.hasRemaining()) {
            voice.putFloat(1f);
        }
        for (String name : List.of("af_one", "jf_one", "zf_one")) {
            Files.write(kokoro.resolve("voices").resolve(name + ".bin"), voice.array());
        }
        return new KokoroEngine(
                kokoro,
                espeak(),
                Lexicon.EMPTY,
                KokoroLexicons.none(),
                new SpeechSettings(1, new Admission(1, 8)));
    }

    private static TextToSpeech piper() throws IOException {
        Path piper = Files.createDirectories(folder.resolve("piper"));
        TinySpeechModels.piper(piper.resolve("model.onnx"), false);
        StringBuilder map =
                new StringBuilder("\"_\":[0],\"^\":[1],\"$\":[2],\" \":[3],\".\":[10],\"?\":[11]");
        int id = 20;
        for (int letter :
                "abcdefhijklmnopqrstuvwxyzɑɐæɔəɚɛɜɡɪŋɹʃʊʌʒˈˌːθðɾ".codePoints().toArray()) {
            map.append(",\"").appendCodePoint(letter).append("\":[").append(id++).append(']');
        }
        Files.writeString(
                piper.resolve("config.json"),
                "{\"audio\":{\"sample_rate\":16000},\"espeak\":{\"voice\":\"en-us\"},"
                        + "\"phoneme_type\":\"espeak\",\"inference\":{\"length_scale\":1.0},"
                        + "\"num_speakers\":1,\"phoneme_id_map\":{"
                        + map
                        + "}}");
        return new PiperEngine(
                piper, espeak(), Lexicon.EMPTY, new SpeechSettings(1, new Admission(1, 8)));
    }

    private static List<SpeechChunk> speak(Engine engine, String text, TextMarkup markup) {
        List<SpeechChunk> chunks = new ArrayList<>();
        engine.speech()
                .speak(
                        text,
                        SpeechOptions.of(engine.voice())
                                .withWordTimes(true)
                                .withReading(Reading.PLAIN.withMarkup(markup)),
                        chunks::add,
                        new Cancellation());
        return chunks;
    }

    private static void captioned(String text, String... expected) {
        ENGINES.forEach((name, engine) -> {
            List<SpeechChunk> chunks = speak(engine, text, TextMarkup.PLAIN);
            List<SpokenWord> words = chunks.stream().flatMap(c -> c.words().stream()).toList();
            assertThat(words.stream().map(SpokenWord::text))
                    .as("%s: %s", name, text)
                    .containsExactly(expected);
            int samples = chunks.stream().mapToInt(chunk -> chunk.samples().length).sum();
            double seconds = (double) samples / engine.speech().sampleRate();
            double time = 0;
            int place = 0;
            for (SpokenWord word : words) {
                assertThat(word.start()).as("%s: %s", name, word).isGreaterThan(time - 1e-9);
                assertThat(word.end()).isBetween(word.start(), seconds + 1e-6);
                assertThat(word.from()).as("%s: %s", name, word).isGreaterThanOrEqualTo(place);
                assertThat(text.substring(word.from(), word.to()))
                        .contains(word.text().substring(0, 1));
                time = word.start();
                place = word.to();
            }
        });
    }

    @Test
    void everyWordComesOnceInOrderWhereEspeakMergesThem() {
        String text =
                "The rapid development of the new transportation system in the metropolitan area"
                        + " around the capital city has been delayed again by the council, and it"
                        + " was the first of a lot of them to be on the way out of it.";
        captioned(text, text.split(" "));
    }

    @Test
    void everyWordComesOnceInOrderWhereItemsAreWrittenOut() {
        String text =
                "At 8 a.m. on May 5, 2024, Dr. J. K. Lee of St. Louis paid $157,250.75 for 1 1/2"
                        + " of 3 - 1 at 5:03 pm. Call 555-1234 or see www.site.com?q=test e.g. on"
                        + " 05/14/2024 for 20-25°C in the '90s, No. 5 of Rocky III: 3.5 kg.";
        captioned(text, text.split(" "));
    }

    @Test
    void markdownAndEmojiAreNoPartOfAWord() {
        captioned(
                "See [the docs](https://e.com/a). **bar**, `x_y` and [stop](x) C# now. 😀 Ok 👍🏽!",
                "See",
                "the",
                "docs.",
                "bar,",
                "x_y",
                "and",
                "stop",
                "C#",
                "now.",
                "Ok");
        captioned(
                "# Title\n\n- first *item*\n- second ~~item~~\n\n1. one\n2. two\n\n> quote\n\n"
                        + "| Name | Age |\n|---|---|\n| Ann | 5 |\n",
                "Title",
                "first",
                "item",
                "second",
                "item",
                "1.",
                "one",
                "2.",
                "two",
                "quote",
                "Name",
                "Age",
                "Ann",
                "5");
    }

    @Test
    void leftoversOfHtmlAreNoPartOfAWord() {
        captioned(
                "<p>Hello <b>big</b> world</p><p class=\"x y\">Tom &amp; Ann<br>ca&shy;fe 5</p>",
                "Hello",
                "big",
                "world",
                "Tom",
                "&",
                "Ann",
                "cafe",
                "5");
    }

    @Test
    void otherScriptsAreCaptionedByTheirCharacters() {
        Engine kokoro = Objects.requireNonNull(ENGINES.get("kokoro"));
        List<SpokenWord> words =
                speak(kokoro, "The word 你好世界 means hello and 日本語です too.", TextMarkup.PLAIN).stream()
                        .flatMap(chunk -> chunk.words().stream())
                        .toList();
        assertThat(words.stream().map(SpokenWord::text).collect(Collectors.joining()))
                .isEqualTo("Theword你好世界meanshelloand日本語ですtoo.");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "jf_one|会議は2024年3月5日の午前10時5分に東京で、100万円を払いました。電話は03-1234-5678、"
                        + "価格は¥1,500から$20まで、時間は9:00〜17:00です。|2024年3月5日,10時5分,100万円,"
                        + "03-1234-5678、,9:00〜17:00",
                "zf_one|会议在2024年3月5日下午3点30分开始，大约5%-10%的人来了。电话是010-12345678，价格US$20，"
                        + "比分3:2。|2024年3月5日,5%-10%,010-12345678，,US$20，,3:2。"
            })
    void japaneseAndMandarinNameEveryWordOnceAndItemsWhole(
            String voice, String text, String items) {
        TextToSpeech kokoro = Objects.requireNonNull(ENGINES.get("kokoro")).speech();
        List<SpeechChunk> chunks = speak(new Engine(kokoro, voice), text, TextMarkup.PLAIN);
        List<SpokenWord> words = chunks.stream().flatMap(chunk -> chunk.words().stream()).toList();
        assertThat(words.stream().map(SpokenWord::text).collect(Collectors.joining()))
                .isEqualTo(text);
        assertThat(words.stream().map(SpokenWord::text)).contains(items.split(","));
        int place = 0;
        double time = 0;
        for (SpokenWord word : words) {
            assertThat(word.from()).as("%s", word).isEqualTo(place);
            assertThat(word.start()).as("%s", word).isGreaterThan(time - 1e-9);
            place = word.to();
            time = word.start();
        }
    }

    @Test
    void whatIsSaidIsThereWrittenOutBesideTheWords() {
        ENGINES.forEach((name, engine) -> {
            List<SpokenText> said =
                    speak(engine, "He paid $2.50 to Dr. Lee.", TextMarkup.PLAIN).stream()
                            .flatMap(chunk -> chunk.said().stream())
                            .toList();
            assertThat(said.stream().map(SpokenText::text).collect(Collectors.joining(" ")))
                    .as(name)
                    .isEqualTo("He paid two dollars and fifty cents to Doctor Lee.");
        });
    }

    @Test
    void marksAreReachedWithTheWordsAndSilencesAroundThem() {
        ENGINES.forEach((name, engine) -> {
            List<SpeechChunk> chunks =
                    speak(
                            engine,
                            "<speak><mark name='first'/>One two <mark name='word'/>three"
                                    + " four<mark name='before'/><break time='2s'/><mark"
                                    + " name='after'/>five <say-as interpret-as='cardinal'>12"
                                    + "<mark name='aside'/></say-as>. <p>Six<mark name='end'/></p>"
                                    + "<desc><mark name='silent'/></desc><mark"
                                    + " name='last'/></speak>",
                            TextMarkup.SSML);
            List<SpeechMark> marks = chunks.stream().flatMap(c -> c.marks().stream()).toList();
            List<SpokenWord> words = chunks.stream().flatMap(c -> c.words().stream()).toList();
            int samples = chunks.stream().mapToInt(chunk -> chunk.samples().length).sum();
            double seconds = (double) samples / engine.speech().sampleRate();
            assertThat(marks.stream().map(SpeechMark::name))
                    .as(name)
                    .containsExactly("first", "word", "before", "after", "aside", "end", "last");
            assertThat(marks.get(0).time()).isEqualTo(words.get(0).start());
            assertThat(marks.get(1).time()).isCloseTo(words.get(2).start(), within(1e-9));
            assertThat(marks.get(2).time()).isGreaterThanOrEqualTo(words.get(3).start());
            assertThat(marks.get(3).time() - marks.get(2).time()).isGreaterThanOrEqualTo(2);
            assertThat(marks.get(3).time()).isCloseTo(words.get(4).start(), within(1e-9));
            assertThat(marks.get(4).time()).isBetween(words.get(5).start(), words.get(6).start());
            assertThat(marks.get(5).time()).isBetween(words.get(6).start(), seconds);
            assertThat(marks.get(6).time()).isBetween(marks.get(5).time(), seconds + 1e-9);
        });
    }

    @Test
    void marksHaveTimesWithoutTimesOfWordsToo() {
        ENGINES.forEach((name, engine) -> {
            List<SpeechChunk> chunks = new ArrayList<>();
            engine.speech()
                    .speak(
                            "<speak>One <mark name='a'/>two. <p>Three.</p><mark name='b'/></speak>",
                            SpeechOptions.of(engine.voice())
                                    .withReading(Reading.PLAIN.withMarkup(TextMarkup.SSML)),
                            chunks::add,
                            new Cancellation());
            List<SpeechMark> marks = chunks.stream().flatMap(c -> c.marks().stream()).toList();
            assertThat(marks.stream().map(SpeechMark::name)).as(name).containsExactly("a", "b");
            assertThat(marks.get(0).time()).isPositive().isLessThan(marks.get(1).time());
        });
    }
}
