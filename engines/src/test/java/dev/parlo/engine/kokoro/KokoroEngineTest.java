package dev.parlo.engine.kokoro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.SpeechChunk;
import dev.parlo.engine.SpeechOptions;
import dev.parlo.engine.SpokenWord;
import dev.parlo.engine.UnknownVoiceException;
import dev.parlo.engine.admission.Admission;
import dev.parlo.engine.cache.CacheFolder;
import dev.parlo.engine.espeak.EspeakInstaller;
import dev.parlo.engine.espeak.EspeakNg;
import dev.parlo.engine.speech.SpeechSettings;
import dev.parlo.engine.speech.TinySpeechModels;
import dev.parlo.engine.speech.TinySpeechModels.Family;
import dev.parlo.engine.text.Lexicon;
import dev.parlo.engine.text.Reading;
import dev.parlo.engine.text.TextMarkup;
import dev.parlo.engine.text.VoiceStyle;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("locale")
final class KokoroEngineTest {
    private static final SpeechSettings SETTINGS = new SpeechSettings(1, new Admission(1, 8));

    @TempDir static Path cache;
    @TempDir Path folder;

    private static EspeakNg espeak() {
        return new EspeakNg(new EspeakInstaller(CacheFolder.at(cache), null, null).locate());
    }

    /** A voice whose every number in row r is {@code base + r / 1000}. */
    private static void voice(Path file, float base) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(510 * 256 * 4).order(ByteOrder.LITTLE_ENDIAN);
        for (int row = 0; row < 510; row++) {
            for (int i = 0; i < 256; i++) {
                bytes.putFloat(base + row / 1000f);
            }
        }
        Files.createDirectories(file.getParent());
        Files.write(file, bytes.array());
    }

    private KokoroEngine engine(Family family) throws IOException {
        TinySpeechModels.kokoro(folder.resolve("model.onnx"), family, false);
        voice(folder.resolve("voices/af_one.bin"), 1f);
        voice(folder.resolve("voices/bm_two.bin"), 0.5f);
        voice(folder.resolve("voices/jf_three.bin"), 0.5f);
        return new KokoroEngine(folder, espeak(), Lexicon.EMPTY, KokoroLexicons.none(), SETTINGS);
    }

    private static List<SpeechChunk> speak(
            KokoroEngine engine, String text, SpeechOptions options) {
        List<SpeechChunk> chunks = new ArrayList<>();
        engine.speak(text, options, chunks::add, new Cancellation());
        return chunks;
    }

    private static float[] phonemes(KokoroEngine engine, String phonemes, SpeechOptions options) {
        List<SpeechChunk> chunks = new ArrayList<>();
        engine.speakPhonemes(phonemes, options, chunks::add, new Cancellation());
        assertThat(chunks).hasSize(1);
        return chunks.getFirst().samples();
    }

    @ParameterizedTest
    @EnumSource(Family.class)
    void everySampleComesFromItsTokenInEachExportFamily(Family family) throws IOException {
        try (KokoroEngine engine = engine(family)) {
            float[] samples = phonemes(engine, "ab ʧ", SpeechOptions.of("af_one"));
            // the style row is that of four tokens
            int[] tokens = {43, 44, 16, 133};
            int at = 600;
            // 50 ms of the first pad's silence are kept: two of its frames, of which there is one
            int fade = 120;
            assertThat(samples[0]).isZero();
            for (int token : tokens) {
                int count = TinySpeechModels.frames(token, 1) * TinySpeechModels.KOKORO_HOP;
                float expected = token / 256f * 1.004f;
                for (int i = at; i < at + count; i++) {
                    if (i >= fade && i < samples.length - fade) {
                        assertThat(samples[i])
                                .as("sample %d", i)
                                .isCloseTo(expected, within(2e-3f));
                    }
                }
                at += count;
            }
            assertThat(samples.length).isEqualTo(at + 600);
        }
    }

    @ParameterizedTest
    @EnumSource(Family.class)
    void speedShortensEachToken(Family family) throws IOException {
        try (KokoroEngine engine = engine(family)) {
            int fast = phonemes(engine, "aaaa", SpeechOptions.of("af_one").withSpeed(2)).length;
            assertThat(fast).isEqualTo((4 * TinySpeechModels.frames(43, 2) + 2) * 600);
        }
    }

    @ParameterizedTest
    @EnumSource(Family.class)
    void wordsHaveTheTimesOfTheirTokens(Family family) throws IOException {
        try (KokoroEngine engine = engine(family)) {
            assertThat(engine.hasWordTimes()).isTrue();
            List<SpeechChunk> chunks =
                    speak(
                            engine,
                            "It was the 3rd time.",
                            SpeechOptions.of("af_one").withWordTimes(true));
            List<SpokenWord> words = chunks.stream().flatMap(c -> c.words().stream()).toList();
            assertThat(words.stream().map(SpokenWord::text))
                    .containsExactly("It", "was", "the", "3rd", "time.");
            double seconds = chunks.stream().mapToInt(c -> c.samples().length).sum() / 24000.0;
            for (int i = 0; i < words.size(); i++) {
                assertThat(words.get(i).end())
                        .isGreaterThan(words.get(i).start())
                        .isLessThanOrEqualTo(seconds);
                if (i > 0) {
                    assertThat(words.get(i).start())
                            .isGreaterThanOrEqualTo(words.get(i - 1).start());
                }
            }
            assertThat(words.getFirst().start()).isCloseTo(0.025, within(1e-6));
            // "It": ɪ 102 and t 62, then half of the space, 16
            double it =
                    TinySpeechModels.frames(102, 1)
                            + TinySpeechModels.frames(62, 1)
                            + TinySpeechModels.frames(16, 1) / 2.0;
            assertThat(words.getFirst().end()).isCloseTo(0.025 + it * 0.025, within(1e-6));
        }
    }

    @Test
    void voicesAreMixedByWeight() throws IOException {
        try (KokoroEngine engine = engine(Family.A)) {
            float[] mixed = phonemes(engine, "aaaaaaaa", SpeechOptions.of("af_one(3)+bm_two(1)"));
            float expected = 43 / 256f * (0.75f * 1.008f + 0.25f * 0.508f);
            assertThat(mixed[mixed.length / 2]).isCloseTo(expected, within(1e-4f));
            assertThatThrownBy(() -> engine.check(SpeechOptions.of("af_one+nobody")))
                    .isInstanceOfSatisfying(
                            UnknownVoiceException.class,
                            e ->
                                    assertThat(e.voices())
                                            .containsExactly("af_one", "bm_two", "jf_three"));
            for (String bad :
                    List.of(
                            "+af_one",
                            "af_one+",
                            "af_one(0)",
                            "af_one(",
                            "af_one(x)",
                            "af_one(٢)",
                            "af_one(0x1p3)",
                            "af_one(2f)",
                            "af_one(NaN)",
                            "af_one++bm_two",
                            "")) {
                assertThatThrownBy(() -> engine.check(SpeechOptions.of(bad)))
                        .as(bad)
                        .isInstanceOf(EngineException.class);
            }
        }
    }

    @Test
    void theLanguageIsTheVoicesUnlessAnotherIsAskedFor() throws IOException {
        try (KokoroEngine engine = engine(Family.A)) {
            engine.check(SpeechOptions.of("jf_three"));
            engine.check(SpeechOptions.of("jf_three").withLanguage("en-us"));
            assertThatThrownBy(() -> engine.check(SpeechOptions.of("af_one").withLanguage("tlh")))
                    .hasMessageContaining("tlh");
        }
    }

    @Test
    void anyNumberOfTokensUpTo510IsSpokenAndMoreIsRefused() throws IOException {
        try (KokoroEngine engine = engine(Family.A)) {
            float[] longest =
                    phonemes(engine, "a".repeat(510), SpeechOptions.of("af_one").withSpeed(4));
            assertThat(longest.length).isEqualTo((510 * TinySpeechModels.frames(43, 4) + 2) * 600);
            for (String bad : List.of("a".repeat(511), "", "7")) {
                assertThatThrownBy(() -> phonemes(engine, bad, SpeechOptions.of("af_one")))
                        .isInstanceOf(EngineException.class)
                        .hasMessageContaining("tokens");
            }
        }
    }

    @Test
    void whatIsSaidOnTheMarksBehindTheLastPhoneIsSilencedAndThePauseStays() throws IOException {
        try (KokoroEngine engine = engine(Family.C)) {
            // each … lasts two frames and sounds
            float[] samples = phonemes(engine, "aa" + "…".repeat(10), SpeechOptions.of("af_one"));
            int spoken = (1 + 2 * TinySpeechModels.frames(43, 1)) * TinySpeechModels.KOKORO_HOP;
            int limit = spoken + 120 * 24;
            assertThat(samples[limit - 300]).isCloseTo(10 / 256f * 1.012f, within(2e-3f));
            assertThat(samples.length).isGreaterThan(limit + 300 * 24);
            for (int i = limit; i < samples.length; i++) {
                assertThat(samples[i]).as("sample %d", i).isZero();
            }
        }
    }

    @Test
    void loudSpeechIsClippedNotWrapped() throws IOException {
        try (KokoroEngine engine = engine(Family.A)) {
            float[] loud = phonemes(engine, "aaaaa", SpeechOptions.of("af_one").withVolume(10));
            assertThat(loud[loud.length / 2]).isEqualTo(1f);
        }
    }

    @Test
    void externalDataIsFoundInACacheOfLinks() throws IOException {
        Path blobs = Files.createDirectories(folder.resolve("blobs"));
        Path snapshot = Files.createDirectories(folder.resolve("snapshots/abc/onnx"));
        TinySpeechModels.kokoro(blobs.resolve("model.onnx"), Family.A, true);
        Files.move(blobs.resolve("model.onnx"), blobs.resolve("11aa"));
        Files.move(blobs.resolve("model.onnx_data"), blobs.resolve("22bb"));
        Files.createSymbolicLink(snapshot.resolve("model.onnx"), Path.of("../../../blobs/11aa"));
        Files.createSymbolicLink(
                snapshot.resolve("model.onnx_data"), Path.of("../../../blobs/22bb"));
        voice(folder.resolve("snapshots/abc/voices/af_one.bin"), 1f);
        try (KokoroEngine engine =
                new KokoroEngine(
                        folder.resolve("snapshots/abc"),
                        espeak(),
                        Lexicon.EMPTY,
                        KokoroLexicons.none(),
                        SETTINGS)) {
            float[] samples = phonemes(engine, "aaaa", SpeechOptions.of("af_one"));
            assertThat(samples[samples.length / 2]).isCloseTo(43 / 256f * 1.004f, within(1e-4f));
        }
        Files.write(blobs.resolve("22bb"), new byte[3]);
        assertThatThrownBy(() ->
                        new KokoroEngine(
                                folder.resolve("snapshots/abc"),
                                espeak(),
                                Lexicon.EMPTY,
                                KokoroLexicons.none(),
                                SETTINGS))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("beyond the end");
    }

    @Test
    void pronunciationsGivenInlineOrInTheLexiconAreSpoken() throws IOException {
        TinySpeechModels.kokoro(folder.resolve("model.onnx"), Family.A, false);
        voice(folder.resolve("voices/af_one.bin"), 1f);
        Lexicon lexicon = new Lexicon(Map.of("Parlo", "/a/"));
        try (KokoroEngine engine =
                new KokoroEngine(folder, espeak(), lexicon, KokoroLexicons.none(), SETTINGS)) {
            SpeechOptions options = SpeechOptions.of("af_one");
            float[] inline = speak(engine, "[x](/a/)!", options).getFirst().samples();
            assertThat(inline).isEqualTo(phonemes(engine, "a!", options));
            assertThat(speak(engine, "parlo!", options).getFirst().samples()).isEqualTo(inline);
        }
    }

    @Test
    void ssmlSpeaksEachPartWithItsVoicesLanguage() throws IOException {
        try (KokoroEngine engine = engine(Family.A)) {
            Reading ssml =
                    Reading.PLAIN
                            .withMarkup(TextMarkup.SSML)
                            .withVoices(Map.of("yuki", new VoiceStyle("jf_three", 1)));
            SpeechOptions options = SpeechOptions.of("af_one");
            List<SpeechChunk> chunks =
                    speak(
                            engine,
                            "<speak>It is <phoneme ph='a'>x</phoneme>! <voice"
                                    + " name='Yuki'>これは3本です。</voice></speak>",
                            options.withReading(ssml).withWordTimes(true));
            assertThat(
                            chunks.stream()
                                    .flatMap(chunk -> chunk.words().stream())
                                    .map(SpokenWord::text))
                    .containsExactly("It", "is", "x!", "これ", "は", "3本", "です。");
            assertThat(chunks.getLast().samples())
                    .isEqualTo(
                            phonemes(engine, "koɾe βa samboɴ desɨ.", SpeechOptions.of("jf_three")));
        }
    }

    @Test
    void mandarinIsWrittenInTheAlphabetThatTheModelKnows() throws IOException {
        String symbols = "$;:,.!?/ 12345ㄋㄧㄏㄠㄕ十ㄐㄝ我əhlˈO";
        StringBuilder vocabulary = new StringBuilder();
        for (int i = 0; i < symbols.length(); i++) {
            vocabulary.append(i == 0 ? "" : ",").append("\"").append(symbols.charAt(i));
            vocabulary.append("\":").append(i);
        }
        Path tokenizer = folder.resolve("tokenizer.json");
        String json = "{\"model\": {\"vocab\": {%s}}}";
        Files.writeString(tokenizer, json.replace("%s", vocabulary + ",\"ㄅ\":60,\"ㄚ\":61"));
        SpeechOptions options = SpeechOptions.of("zf_002").withWordTimes(true);
        voice(folder.resolve("voices/zf_002.bin"), 0.5f);
        try (KokoroEngine engine = engine(Family.B)) {
            SpeechChunk chunk = speak(engine, "你好，世界我好。", options).getFirst();
            assertThat(chunk.words())
                    .extracting(SpokenWord::text)
                    .containsExactly("你好，", "世界", "我", "好。");
            assertThat(chunk.samples())
                    .isEqualTo(phonemes(engine, "ㄋㄧ2ㄏㄠ3, ㄕ十4ㄐㄝ4/我3/ㄏㄠ3.", options));
        }
        Files.writeString(tokenizer, json.replace("%s", vocabulary));
        try (KokoroEngine engine = engine(Family.B)) {
            assertThatThrownBy(() -> engine.check(options))
                    .hasMessageContaining("writes Mandarin in another alphabet");
        }
    }

    @Test
    void longJapaneseAndMandarinFitIntoTheModel() throws IOException {
        try (KokoroEngine engine = engine(Family.C)) {
            String japanese = "私たちは新しい技術を使って、世界中の人々と話すことができます。".repeat(10);
            String mandarin = "我们使用新的技术，可以和全世界的人说话，真的非常有意思。".repeat(10);
            SpeechOptions fast = SpeechOptions.of("jf_three").withSpeed(4).withWordTimes(true);
            for (List<SpeechChunk> chunks :
                    List.of(
                            speak(engine, japanese, fast),
                            speak(engine, mandarin, fast.withLanguage("zh")))) {
                assertThat(chunks).hasSizeGreaterThan(5);
                assertThat(chunks).allSatisfy(chunk -> assertThat(chunk.words()).isNotEmpty());
            }
        }
    }

    @Test
    void aBookIsSpokenWholeInChunksThatFit() throws IOException {
        try (KokoroEngine engine = engine(Family.C)) {
            String text =
                    "The ship sailed on, through fog and rain, to the far side of the bay. "
                            .repeat(20);
            List<SpeechChunk> chunks =
                    speak(
                            engine,
                            text,
                            SpeechOptions.of("af_one").withSpeed(4).withWordTimes(true));
            assertThat(chunks).hasSizeBetween(5, 12);
            assertThat(chunks.stream().mapToInt(c -> c.words().size()).sum())
                    .isEqualTo(text.split(" ").length);
        }
    }

    @Test
    void aFolderWithoutVoicesOrModelSaysWhatIsMissing() throws IOException {
        assertThatThrownBy(() ->
                        new KokoroEngine(
                                folder, espeak(), Lexicon.EMPTY, KokoroLexicons.none(), SETTINGS))
                .hasMessageContaining(".onnx");
        TinySpeechModels.kokoro(folder.resolve("model.onnx"), Family.A, false);
        assertThatThrownBy(() ->
                        new KokoroEngine(
                                folder, espeak(), Lexicon.EMPTY, KokoroLexicons.none(), SETTINGS))
                .hasMessageContaining("voices");
        Files.write(folder.resolve("model.onnx"), new byte[] {1, 2, 3, 4});
        assertThatThrownBy(() ->
                        new KokoroEngine(
                                folder, espeak(), Lexicon.EMPTY, KokoroLexicons.none(), SETTINGS))
                .isInstanceOfSatisfying(
                        EngineException.class,
                        e ->
                                assertThat(e.category())
                                        .isEqualTo(EngineException.Category.BAD_MODEL));
    }
}
