package dev.parlo.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Snapshots that a download of the Python library left half filled. */
class UnfinishedSnapshotTest {
    private static final ModelId WHISPER = ModelId.parse("Systran/faster-whisper-tiny.en");

    @TempDir Path folder;
    private CachedModels cache;
    private ModelStore store;

    @BeforeEach
    void cache() {
        cache = new CachedModels(folder.resolve("hub"));
        store =
                new ModelStore(
                        new ModelRoots(List.of(), List.of(folder.resolve("mine")), cache.cache));
    }

    static Map<String, byte[]> whisper() {
        return files(
                "README.md", "---\n---\n",
                ".gitattributes", "x",
                "config.json", "{\"alignment_heads\": []}",
                "preprocessor_config.json", "{}",
                "model.bin", "weights",
                "tokenizer.json", "{}",
                "vocabulary.json", "[]");
    }

    private static Map<String, byte[]> kokoro() {
        return files(
                "onnx/model.onnx", "graph",
                "voices/af_heart.bin", "voice",
                "voices/bf_emma.bin", "voice",
                "config.json", "{}");
    }

    private static Map<String, byte[]> parakeet() throws IOException {
        Map<String, byte[]> files =
                files(
                        "config.json", "{\"model_type\": \"nemo-conformer-tdt\"}",
                        "vocab.txt", "x",
                        "decoder_joint-model.onnx", "graph",
                        "encoder-model.onnx.data", "weights");
        files.put("encoder-model.onnx", GraphBytes.withWeightsIn("encoder-model.onnx.data"));
        return files;
    }

    private static Map<String, byte[]> files(String... namesAndTexts) {
        Map<String, byte[]> files = new LinkedHashMap<>();
        for (int i = 0; i < namesAndTexts.length; i += 2) {
            files.put(namesAndTexts[i], namesAndTexts[i + 1].getBytes(UTF_8));
        }
        return files;
    }

    static Stream<Arguments> neededFiles() throws IOException {
        return Stream.of(
                needed("Systran/faster-whisper-tiny.en", whisper(), "config.json"),
                needed("me/asr-de", whisper(), "model.bin"),
                needed("me/asr-de", whisper(), "tokenizer.json"),
                needed("me/asr-de", whisper(), "preprocessor_config.json"),
                needed("me/asr-de", whisper(), "config.json"),
                needed("onnx-community/Kokoro-82M-v1.0-ONNX", kokoro(), "voices/bf_emma.bin"),
                needed("onnx-community/Kokoro-82M-v1.0-ONNX", kokoro(), "onnx/model.onnx"),
                needed("istupakov/parakeet", parakeet(), "encoder-model.onnx.data"),
                needed("istupakov/parakeet", parakeet(), "vocab.txt"));
    }

    private static Arguments needed(String id, Map<String, byte[]> files, String missing) {
        return Arguments.of(ModelId.parse(id), files, missing);
    }

    static Stream<Arguments> otherVariants() throws IOException {
        return Stream.of(
                Arguments.of(parakeet(), "encoder-model.int8.onnx", "encoder-model.onnx.data"),
                Arguments.of(kokoro(), "onnx/model_int8.onnx", "onnx/model.onnx"));
    }

    @ParameterizedTest
    @MethodSource("otherVariants")
    void aVariantThatIsWholeDoesNotStandForOneThatIsNot(
            Map<String, byte[]> files, String other, String missing) throws IOException {
        ModelId id = ModelId.parse("me/a-model");
        files.put(other, "graph".getBytes(UTF_8));
        cache.tree(id, files);
        files.forEach((name, bytes) -> {
            if (!name.equals(missing)) {
                write(id, name, bytes);
            }
        });
        assertThat(store.list()).extracting(model -> model.id().variant()).containsExactly("int8");
        assertThatThrownBy(() -> store.require(id)).hasMessageContaining("is not finished");
    }

    @ParameterizedTest
    @MethodSource("neededFiles")
    void aModelIsNotInstalledWhileAFileOfTheLibrarysOwnListIsMissing(
            ModelId id, Map<String, byte[]> files, String missing) throws IOException {
        cache.tree(id, files);
        files.forEach((name, bytes) -> {
            if (!name.equals(missing)) {
                write(id, name, bytes);
            }
        });
        assertThat(store.list()).isEmpty();
        assertThatThrownBy(() -> store.require(id))
                .hasMessageContaining("is not installed locally: its download is not finished")
                .hasMessageContaining(missing)
                .hasMessageContaining("`parlo model download " + id + "`");
        cache.file(id, missing, java.util.Objects.requireNonNull(files.get(missing)));
        assertThat(store.require(id).files()).containsKey(missing);
    }

    private void write(ModelId id, String name, byte[] bytes) {
        try {
            cache.file(id, name, bytes);
        } catch (IOException failed) {
            throw new java.io.UncheckedIOException(failed);
        }
    }

    @Test
    void filesThatTheFamilyDoesNotNeedMayBeMissing() throws IOException {
        Map<String, byte[]> files = whisper();
        cache.tree(WHISPER, files);
        files.keySet().removeAll(List.of("README.md", ".gitattributes"));
        cache.files(WHISPER, files);
        assertThat(store.list()).hasSize(1);
        assertThat(store.mayLackFiles(store.require(WHISPER))).isFalse();
    }

    @Test
    void aFileShorterThanTheListSaysIsNotFinished() throws IOException {
        Map<String, byte[]> files = whisper();
        cache.tree(WHISPER, files);
        files.put("model.bin", new byte[] {1});
        cache.files(WHISPER, files);
        assertThat(store.find(WHISPER)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "config.json",
                "preprocessor_config.json",
                "tokenizer.json",
                "vocabulary.json"
            })
    void aLinkThatLeadsNowhereIsAFileThatIsMissing(String name) throws IOException {
        cache.files(WHISPER, whisper());
        Files.delete(cache.repository(WHISPER).resolve("blobs/blob-" + name));
        assertThat(store.list()).isEmpty();
        assertThatThrownBy(() -> store.require(WHISPER)).hasMessageContaining(name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"model.onnx.data", "model.onnx_data", "some.weights", "deep/weights.bin"})
    void theFilesInWhichAGraphKeepsItsWeightsBelongToTheModel(String weights) throws IOException {
        ModelId piper = ModelId.parse("me/some-voice");
        cache.file(piper, "config.json", "{\"phoneme_id_map\": {}}".getBytes(UTF_8));
        cache.file(piper, "model.onnx", GraphBytes.withWeightsIn(weights));
        assertThat(store.list()).isEmpty();
        assertThatThrownBy(() -> store.require(piper)).hasMessageContaining(weights);
        cache.file(piper, weights, new byte[10]);
        assertThat(store.require(piper).files()).containsKey(weights);
    }

    @ParameterizedTest
    @ValueSource(strings = {"../../secret", "/etc/passwd", "a/../../b", "C:\\x"})
    void weightsOutsideOfTheFolderAreTheEnginesToRefuse(String weights) throws IOException {
        ModelId piper = ModelId.parse("me/some-voice");
        cache.file(piper, "config.json", "{\"phoneme_id_map\": {}}".getBytes(UTF_8));
        cache.file(piper, "model.onnx", GraphBytes.withWeightsIn(weights));
        assertThat(store.require(piper).files()).containsOnlyKeys("config.json", "model.onnx");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "[]",
                "{\"format_version\": 2, \"files\": {\"x\": {}}}",
                "{\"files\": 1}"
            })
    void aListThatCannotBeUsedIsPassedOver(String json) throws IOException {
        cache.files(WHISPER, whisper());
        Path trees = Files.createDirectories(cache.repository(WHISPER).resolve("trees"));
        Files.writeString(trees.resolve(CachedModels.COMMIT + ".json"), json);
        assertThat(store.list()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tokenizer.json", "preprocessor_config.json", "model.bin"})
    void aFolderThatTheLibraryHasNotFilledIsNotInstalled(String missing) throws IOException {
        ModelId id = ModelId.parse("me/local");
        Path local = folder.resolve("mine/me/local");
        Path notes = local.resolve(".cache/huggingface");
        cache.tree(id, whisper());
        Files.createDirectories(notes.resolve("download"));
        Files.move(cache.repository(id).resolve("trees"), notes.resolve("trees"));
        for (Map.Entry<String, byte[]> file : whisper().entrySet()) {
            if (!file.getKey().equals(missing)) {
                Files.write(local.resolve(file.getKey()), file.getValue());
            }
        }
        Path partial = notes.resolve("download/" + missing + ".ab12.incomplete");
        Files.createFile(partial);
        assertThat(store.list()).isEmpty();
        assertThatThrownBy(() -> store.require(id))
                .hasMessageContaining("is installed but broken: it lacks '" + missing);
        Files.delete(partial);
        Files.write(local.resolve(missing), new byte[3]); // the operator's own, of another size
        assertThat(store.list()).hasSize(1);
    }

    @Test
    void whatOnlyTheHubCanTellIsSaidToBeOpen() throws IOException {
        Map<String, byte[]> files = whisper();
        files.remove("tokenizer.json");
        cache.files(WHISPER, files);
        ModelId kokoro = ModelId.parse("onnx-community/Kokoro-82M-v1.0-ONNX");
        cache.files(kokoro, kokoro());
        assertThat(store.mayLackFiles(store.require(WHISPER))).isTrue();
        assertThat(store.mayLackFiles(store.require(kokoro))).isTrue();
        cache.tree(kokoro, kokoro());
        assertThat(store.mayLackFiles(store.require(kokoro))).isFalse();
    }
}
