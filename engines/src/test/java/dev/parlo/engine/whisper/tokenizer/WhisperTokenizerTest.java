package dev.parlo.engine.whisper.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parlo.engine.EngineException;
import dev.parlo.engine.cache.CacheFolder;
import dev.parlo.engine.whisper.SharedFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.ObjectMapper;

@Tag("locale")
class WhisperTokenizerTest {
    @TempDir private Path cache;

    @Test
    void encodesAsTheReference() throws IOException {
        for (WhisperTokenizer tokenizer : multilingual()) {
            try (tokenizer) {
                assertThat(
                                tokenizer.encode(
                                        " And so my fellow Americans, ask not what your country"
                                                + " can do for you"))
                        .containsExactly(
                                400, 370, 452, 7177, 6280, 11, 1029, 406, 437, 428, 1941, 393, 360,
                                337, 291);
                assertThat(tokenizer.encode(" ComfyUI")).containsExactly(2432, 22522, 46324);
                assertThat(tokenizer.encode("")).isEmpty();
                assertThat(NonSpeechTokens.of(tokenizer))
                        .containsExactly(
                                1, 2, 7, 8, 9, 10, 14, 25, 26, 27, 28, 29, 31, 58, 59, 60, 61, 62,
                                63, 90, 91, 92, 93, 359, 503, 522, 542, 873, 893, 902, 918, 922,
                                931, 1350, 1853, 1982, 2460, 2627, 3246, 3253, 3268, 3536, 3846,
                                3961, 4183, 4667, 6585, 6647, 7273, 9061, 9383, 10428, 10929, 11938,
                                12033, 12331, 12562, 13793, 14157, 14635, 15265, 15618, 16553,
                                16604, 18362, 18956, 20075, 21675, 22520, 26130, 26161, 26435,
                                28279, 29464, 31650, 32302, 32470, 36865, 42863, 47425, 49870,
                                50254);
            }
        }
    }

    @Test
    void vocabularyAloneEncodesAsTokenizerJson() throws IOException {
        // The public file lacks the very first merge, " t", so no word here begins with a t.
        List<String> texts =
                List.of(
                        "I'll say: it's 12,500 o'clock!  Twice\n\n over \t bars",
                        "Größe, naïve café — 日本語のテキスト 한국어 עברית",
                        "   leading and closing   ",
                        "emoji 👩‍👩‍👧 and ﷽ and \u00a0nbsp\u3000wide",
                        "<|endoftext|> <|startoftranscript|>");
        List<WhisperTokenizer> both = multilingual();
        try (WhisperTokenizer json = both.get(0);
                WhisperTokenizer plain = both.get(1)) {
            for (String text : texts) {
                assertThat(plain.encode(text)).as(text).containsExactly(json.encode(text));
                assertThat(plain.decode(plain.encode(text))).isEqualTo(text);
            }
        }
        try (WhisperTokenizer json =
                        WhisperTokenizer.open(SharedFiles.builtInModel(), CacheFolder.at(cache));
                WhisperTokenizer plain =
                        WhisperTokenizer.open(
                                SharedFiles.find("models/test/nano-int16"),
                                CacheFolder.at(cache))) {
            for (String text : texts) {
                assertThat(plain.encode(text)).as(text).containsExactly(json.encode(text));
            }
        }
    }

    @Test
    void specialTokensInTextAreOnlyText() {
        try (WhisperTokenizer tokenizer =
                WhisperTokenizer.open(SharedFiles.builtInModel(), CacheFolder.at(cache))) {
            int[] ids = tokenizer.encode(" a<|endoftext|><|notimestamps|>");
            assertThat(Arrays.stream(ids).max().orElseThrow())
                    .isLessThan(tokenizer.vocabulary().endOfText());
            assertThat(tokenizer.decode(ids)).isEqualTo(" a<|endoftext|><|notimestamps|>");
        }
    }

    @Test
    void suppressListOfTheBuiltInModelIsFasterWhispers() {
        try (WhisperTokenizer tokenizer =
                WhisperTokenizer.open(SharedFiles.builtInModel(), CacheFolder.at(cache))) {
            assertThat(NonSpeechTokens.of(tokenizer))
                    .containsExactly(
                            1, 2, 7, 8, 9, 10, 14, 25, 26, 27, 28, 29, 31, 58, 59, 60, 61, 62, 63,
                            90, 91, 92, 93, 158, 220);
        }
    }

    @Test
    void specialIdsOfEachGeneration() {
        Vocabulary english = Vocabulary.read(SharedFiles.builtInModel());
        assertThat(english.timestampBegin()).isEqualTo(1607);
        assertThat(english.noSpeech()).isEqualTo(1605);
        assertThat(english.languages()).hasSize(99).containsEntry("en", 1502);
        Vocabulary v2 = Vocabulary.read(SharedFiles.find("models/test/multilingual-int8"));
        assertThat(v2.noSpeech()).isEqualTo(50362);
        assertThat(v2.transcribe()).isEqualTo(50359);
        assertThat(v2.timestampBegin()).isEqualTo(50364);
        assertThat(v2.languages()).hasSize(99).doesNotContainKey("yue");
        Vocabulary v3 = Vocabulary.read(SharedFiles.find("models/test/v3-int8"));
        assertThat(v3.timestampBegin()).isEqualTo(50365);
        assertThat(v3.languages()).hasSize(100).containsEntry("yue", 50358);
    }

    @Test
    void wordsAreSplitAsTheReference() throws IOException {
        try (WhisperTokenizer tokenizer = multilingual().getFirst()) {
            WordSplitter splitter = new WordSplitter(tokenizer);
            assertThat(
                            splitter
                                    .splitOnCharacters(
                                            new int[] {8404, 871, 287, 6, 246, 526, 3210, 20378})
                                    .stream()
                                    .map(WordSplitter.SplitWord::text))
                    .containsExactly(" elle", " est", " l", "'", "\uFFFD", "é", "rit", "oire");
            int[] text = tokenizer.encode(" Hello, \"dear\" world's end.");
            assertThat(splitter.split(text, "en").stream().map(WordSplitter.SplitWord::text))
                    .containsExactly(" Hello", ",", " \"dear", "\"", " world's", " end", ".");
            int[] japanese = tokenizer.encode("日本語");
            assertThat(splitter.split(japanese, "ja").stream().map(WordSplitter.SplitWord::text))
                    .allSatisfy(word -> assertThat(word).doesNotContain("\uFFFD"));
        }
    }

    @Test
    void replacementsFollowTheMaximalSubparts() {
        assertThat(decode(0xE6, 0x97, 0x41)).isEqualTo("\uFFFDA");
        assertThat(decode(0xED, 0xA0, 0x80)).isEqualTo("\uFFFD\uFFFD\uFFFD");
        assertThat(decode(0xF0, 0x9F, 0x91)).isEqualTo("\uFFFD");
        assertThat(decode(0xC0, 0xAF, 0xFF)).isEqualTo("\uFFFD\uFFFD\uFFFD");
        assertThat(decode(0xF4, 0x90, 0x80, 0x80)).isEqualTo("\uFFFD\uFFFD\uFFFD\uFFFD");
    }

    @Property
    void validTextSurvives(@ForAll String text) {
        String valid =
                text.codePoints()
                        .filter(c -> c < 0xD800 || c > 0xDFFF)
                        .collect(
                                StringBuilder::new,
                                StringBuilder::appendCodePoint,
                                StringBuilder::append)
                        .toString();
        assertThat(LossyUtf8.decode(valid.getBytes(java.nio.charset.StandardCharsets.UTF_8)))
                .isEqualTo(valid);
    }

    @Test
    void aTokenizerOfAnotherModelIsRefused(@TempDir Path folder) throws IOException {
        Path v3 = SharedFiles.find("models/test/v3-int8");
        Files.copy(v3.resolve("vocabulary.json"), folder.resolve("vocabulary.json"));
        Files.copy(
                SharedFiles.find("models/tokenizers/whisper-multilingual-tokenizer.json"),
                folder.resolve("tokenizer.json"));
        assertThatThrownBy(() -> WhisperTokenizer.open(folder, CacheFolder.at(cache)))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("<|translate|>");
    }

    @Test
    void vocabulariesThatDoNotFitAreRefused() throws IOException {
        Vocabulary vocabulary = Vocabulary.read(SharedFiles.builtInModel());
        vocabulary.check(3108, new int[] {1502, 1600});
        assertThatThrownBy(() -> vocabulary.check(51865, null))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("3108");
        assertThatThrownBy(() -> vocabulary.check(3108, new int[] {1502, 1601}))
                .isInstanceOf(EngineException.class);
        List<String> tokens =
                new ObjectMapper()
                        .readerForListOf(String.class)
                        .readValue(SharedFiles.builtInModel().resolve("vocabulary.json").toFile());
        assertThatThrownBy(() -> new Vocabulary(tokens.subList(0, 3000)))
                .hasMessageContaining("1501");
        assertThatThrownBy(() -> Vocabulary.read(cache)).hasMessageContaining("vocabulary.txt");
        for (String json : List.of("null", "[null]", "[]", "{}", "[[1]]", "[\"a\"")) {
            Files.writeString(cache.resolve("vocabulary.json"), json);
            assertThatThrownBy(() -> Vocabulary.read(cache))
                    .as(json)
                    .isInstanceOf(EngineException.class);
        }
    }

    @Test
    void aMultilingualVocabularyNamesItsLanguages() {
        List<String> tokens =
                new ArrayList<>(
                        List.of(
                                "",
                                "<|endoftext|>",
                                "<|startoftranscript|>",
                                "<|translate|>",
                                "<|transcribe|>",
                                "<|startoflm|>",
                                "<|startofprev|>",
                                "<|nospeech|>",
                                "<|notimestamps|>"));
        for (int i = 0; i < Vocabulary.TIMESTAMPS; i++) {
            tokens.add("<|" + i + "|>");
        }
        assertThatThrownBy(() -> new Vocabulary(tokens)).hasMessageContaining("language");
        tokens.add(3, "<|en|>");
        assertThat(new Vocabulary(tokens).languages()).containsOnlyKeys("en");
    }

    @Test
    void linesOfAVocabularyKeepEmptyTokens() {
        assertThat(Vocabulary.lines("a\n\nb\n")).containsExactly("a", "", "b");
        assertThat(Vocabulary.lines("a\r\n\r\nb\r\n")).containsExactly("a", "", "b");
        assertThat(Vocabulary.lines("a\r\nb\n")).containsExactly("a\r", "b");
    }

    /** The multilingual tokenizer by its tokenizer.json, and by its vocabulary alone. */
    private List<WhisperTokenizer> multilingual() throws IOException {
        Path plain = SharedFiles.find("models/test/multilingual-int8");
        Path folder = Files.createTempDirectory(cache, "multilingual");
        Files.copy(plain.resolve("vocabulary.json"), folder.resolve("vocabulary.json"));
        Files.copy(
                SharedFiles.find("models/tokenizers/whisper-multilingual-tokenizer.json"),
                folder.resolve("tokenizer.json"));
        return List.of(
                WhisperTokenizer.open(folder, CacheFolder.at(cache)),
                WhisperTokenizer.open(plain, CacheFolder.at(cache)));
    }

    private static String decode(int... bytes) {
        byte[] array = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            array[i] = (byte) bytes[i];
        }
        return LossyUtf8.decode(array);
    }
}
