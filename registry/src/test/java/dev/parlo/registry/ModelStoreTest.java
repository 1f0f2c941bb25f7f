package dev.parlo.registry;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parlo.registry.InstalledModel.Origin;
import dev.parlo.registry.RegistryException.Category;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("locale")
class ModelStoreTest {
    private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
    private static final ModelId WHISPER = ModelId.parse("Systran/faster-whisper-tiny");
    private static final String WHISPER_CONFIG = "{\"suppress_ids\": [1], \"lang_ids\": []}";

    @TempDir Path folder;
    private Path cache;
    private Path builtIn;
    private Path local;
    private ModelStore store;

    @BeforeEach
    void roots() throws IOException {
        cache = folder.resolve("hub");
        builtIn = Files.createDirectories(folder.resolve("models"));
        local = Files.createDirectories(folder.resolve("mine"));
        store = new ModelStore(new ModelRoots(List.of(builtIn), List.of(local), cache));
    }

    @Test
    void nothingIsInstalledWhereThereIsNoCache() {
        assertThat(store.list()).isEmpty();
        assertThat(store.find(WHISPER)).isEmpty();
    }

    @Test
    void findsWhatHuggingFaceHubLeft() throws IOException {
        whisper();
        InstalledModel model = store.find(WHISPER).orElseThrow();
        assertThat(model.family()).isEqualTo(ModelFamily.WHISPER_CT2);
        assertThat(model.origin()).isEqualTo(Origin.CACHE);
        assertThat(model.revision()).isEqualTo(COMMIT);
        assertThat(model.card().languages()).containsExactly("en", "no");
        assertThat(model.files())
                .containsOnlyKeys("README.md", "config.json", "model.bin", "vocabulary.txt");
        assertThat(model.directory().resolve("model.bin")).hasContent("weights");
        assertThat(store.list()).containsExactly(model);
        assertThat(store.list(ModelTask.TEXT_TO_SPEECH)).isEmpty();
    }

    @Test
    void theOnlySnapshotCountsWithoutAReference() throws IOException {
        whisper();
        Files.delete(repository(WHISPER).resolve("refs/main"));
        assertThat(store.find(WHISPER)).isPresent();
    }

    @Test
    void ofSeveralSnapshotsTheReferenceDecides() throws IOException {
        whisper();
        String other = "f".repeat(40);
        Files.createDirectories(repository(WHISPER).resolve("snapshots").resolve(other));
        assertThat(store.find(WHISPER).orElseThrow().revision()).isEqualTo(COMMIT);
        Files.writeString(repository(WHISPER).resolve("refs/main"), other);
        assertThat(store.find(WHISPER)).isEmpty();
    }

    @Test
    void aHalfDownloadedModelIsNotListed() throws IOException {
        whisper();
        Files.delete(repository(WHISPER).resolve("blobs/blob-model.bin"));
        assertThat(store.find(WHISPER)).isEmpty();
        assertThat(store.list()).isEmpty();
        assertThatThrownBy(() -> store.require(WHISPER))
                .hasMessageContaining("is not installed locally")
                .hasMessageContaining("parlo model download " + WHISPER);
    }

    @Test
    void aChangeShowsAtOnce() throws IOException {
        assertThat(store.list()).isEmpty();
        whisper();
        assertThat(store.list()).hasSize(1);
        Files.delete(snapshot(WHISPER).resolve("model.bin"));
        assertThat(store.list()).isEmpty();
    }

    @Test
    void oneBrokenRepositoryDoesNotSpoilTheList() throws IOException {
        whisper();
        Path broken = Files.createDirectories(cache.resolve("models--a--b/snapshots/" + COMMIT));
        Files.createSymbolicLink(broken.resolve("model.bin"), Path.of("/etc/passwd"));
        Files.writeString(broken.resolve("config.json"), WHISPER_CONFIG);
        Files.writeString(broken.resolve("vocabulary.txt"), "x");
        Files.createDirectories(cache.resolve("models--x--y/refs/main"));
        Files.createDirectories(cache.resolve("models--..--y/snapshots/" + COMMIT));
        Files.writeString(cache.resolve("models--file--x"), "no folder");
        assertThat(store.list()).extracting(InstalledModel::id).containsExactly(WHISPER);
        assertThat(store.find(ModelId.parse("a/b"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "blobs", "snapshots"})
    void aFolderThatWasMovedToAnotherDiskAndLinkedIsReadAsTheLibraryReadsIt(String part)
            throws IOException {
        whisper();
        Path moved = repository(WHISPER).resolve(part).normalize();
        Path outside = folder.resolve("other-disk/x");
        Files.createDirectories(requireNonNull(outside.getParent()));
        if (part.equals("snapshots")) { // links of two dots lead elsewhere from there
            for (String file : List.of("README.md", "config.json", "model.bin", "vocabulary.txt")) {
                Path link = snapshot(WHISPER).resolve(file);
                Path blob = link.toRealPath();
                Files.delete(link);
                Files.createSymbolicLink(link, blob);
            }
        }
        Files.move(moved, outside);
        Files.createSymbolicLink(moved, outside);
        assertThat(store.list()).extracting(InstalledModel::id).containsExactly(WHISPER);
        assertThat(store.require(WHISPER).directory().resolve("model.bin")).hasContent("weights");
        assertThatThrownBy(() -> store.delete(WHISPER))
                .isInstanceOfSatisfying(
                        RegistryException.class,
                        refused -> assertThat(refused.category()).isEqualTo(Category.CONFLICT))
                .hasMessageContaining("by hand");
        assertThat(store.list()).hasSize(1);
    }

    @Test
    void aBlobThatIsALinkToAnotherDiskIsReadAsTheLibraryReadsIt() throws IOException {
        whisper();
        Path blob = repository(WHISPER).resolve("blobs/blob-model.bin");
        Path outside = Files.createDirectories(folder.resolve("other-disk")).resolve("weights");
        Files.move(blob, outside);
        Files.createSymbolicLink(blob, outside);
        assertThat(store.list()).hasSize(1);
    }

    @Test
    void aSnapshotThatIsALinkOutIsNoModel() throws IOException {
        whisper();
        Path outside = folder.resolve("outside");
        Files.move(snapshot(WHISPER), outside);
        Files.createSymbolicLink(snapshot(WHISPER), outside);
        assertThat(store.list()).isEmpty();
    }

    @Test
    void findsBuiltInAndLocalModelsAndTheBuiltInOneFirst() throws IOException {
        plain(builtIn.resolve("parlo/nano"));
        plain(local.resolve("parlo/nano"));
        plain(local.resolve("own/one"));
        plain(local.resolve("alone"));
        assertThat(store.list())
                .extracting(model -> model.id().toString())
                .containsExactly("alone", "own/one", "parlo/nano");
        assertThat(store.find(ModelId.parse("parlo/nano")).orElseThrow().origin())
                .isEqualTo(Origin.BUILT_IN);
        assertThat(store.builtIn()).hasSize(1);
        assertThatThrownBy(() -> store.require(WHISPER)).hasMessageContaining("[parlo/nano]");
    }

    @Test
    void builtInAndLocalModelsAreNotDeleted() throws IOException {
        plain(builtIn.resolve("parlo/nano"));
        plain(local.resolve("own/one"));
        for (String id : List.of("parlo/nano", "own/one")) {
            assertThatThrownBy(() -> store.delete(ModelId.parse(id)))
                    .isInstanceOfSatisfying(
                            RegistryException.class,
                            refused -> assertThat(refused.category()).isEqualTo(Category.CONFLICT));
            assertThat(store.find(ModelId.parse(id))).isPresent();
        }
    }

    @Test
    void whatIsPartOfTheServerIsAlwaysThere() {
        ModelId id = ModelId.parse("espeak-ng");
        InstalledModel espeak =
                InstalledModel.partOfServer(
                        id, ModelFamily.ESPEAK, List.of("en"), null, Path.of("."));
        ModelStore with =
                new ModelStore(
                        new ModelRoots(List.of(), List.of(), cache),
                        List.of(new PartOfServer(id, () -> Optional.of(espeak))),
                        false);
        assertThat(with.list(ModelTask.TEXT_TO_SPEECH)).containsExactly(espeak);
        assertThat(with.require(id)).isEqualTo(espeak);
        assertThatThrownBy(() -> with.delete(id)).hasMessageContaining("built in");
        assertThat(store.find(id)).isEmpty();
    }

    @Test
    void aPartOfTheServerIsLookedForWhenItIsAskedForAndNotForAnotherModel() throws IOException {
        whisper();
        AtomicInteger looks = new AtomicInteger();
        ModelStore with =
                new ModelStore(
                        new ModelRoots(List.of(), List.of(), cache),
                        List.of(
                                new PartOfServer(
                                        ModelId.parse("espeak-ng"),
                                        () -> {
                                            looks.incrementAndGet();
                                            return Optional.empty();
                                        })),
                        false);
        assertThat(with.require(WHISPER).id()).isEqualTo(WHISPER);
        assertThat(looks).hasValue(0);
        assertThat(with.find(ModelId.parse("espeak-ng"))).isEmpty();
        assertThat(looks).hasValue(1);
    }

    @Test
    void whatAPartOfTheServerLacksIsSaidInsteadOfWhatItsFolderIs() throws IOException {
        ModelId id = ModelId.parse("espeak-ng/espeak-ng");
        Path builtIn = folder.resolve("built-in");
        Files.createDirectories(builtIn.resolve("espeak-ng/espeak-ng"));
        Files.writeString(builtIn.resolve("espeak-ng/espeak-ng/README.md"), "No model's files.");
        Unusable.Lacking full = new Unusable.Lacking(Category.NO_SPACE, "The disk is full.");
        ModelStore with =
                new ModelStore(
                        new ModelRoots(List.of(builtIn), List.of(), cache),
                        List.of(new PartOfServer(id, Optional::empty, () -> Optional.of(full))),
                        false);
        assertThatThrownBy(() -> with.require(id))
                .isInstanceOfSatisfying(
                        RegistryException.class,
                        e -> assertThat(e.category()).isEqualTo(Category.NO_SPACE))
                .hasMessage("The disk is full.");
        assertThat(with.list()).isEmpty();
    }

    @Test
    void deletingRemovesTheRepositoryAndFollowsNoLink() throws IOException {
        whisper();
        Path precious = Files.writeString(folder.resolve("precious"), "keep");
        Path preciousFolder = Files.createDirectories(folder.resolve("precious-folder"));
        Files.writeString(preciousFolder.resolve("file"), "keep");
        Files.createSymbolicLink(repository(WHISPER).resolve("blobs/evil"), precious);
        Files.createSymbolicLink(repository(WHISPER).resolve("evil-folder"), preciousFolder);
        store.delete(WHISPER);
        assertThat(repository(WHISPER)).doesNotExist();
        assertThat(precious).hasContent("keep");
        assertThat(preciousFolder.resolve("file")).hasContent("keep");
        assertThat(store.list()).isEmpty();
        assertThat(cache).isEmptyDirectory();
        assertThatThrownBy(() -> store.delete(WHISPER))
                .hasMessage("Model repo not found: " + WHISPER);
    }

    @Test
    void aRepositoryOfNoSupportedFamilyIsNamedAsSuchAndCanBeDeleted() throws IOException {
        ModelId id = ModelId.parse("openai/whisper-large-v3");
        cached(id, "weights.npz", "weights");
        assertThat(store.list()).isEmpty();
        assertThatThrownBy(() -> store.require(id))
                .isInstanceOfSatisfying(
                        RegistryException.class,
                        refused -> assertThat(refused.category()).isEqualTo(Category.UNSUPPORTED))
                .hasMessageContaining("CTranslate2")
                .hasMessageContaining("Systran/faster-whisper-large-v3");
        store.delete(id);
        assertThat(repository(id)).doesNotExist();
    }

    @Test
    void theTwinIsNamedThoughNothingIsInstalled() {
        assertThatThrownBy(
                        () -> store.require(ModelId.parse("mlx-community/whisper-large-v3-turbo")))
                .hasMessageContaining("deepdml/faster-whisper-large-v3-turbo-ct2");
    }

    @Test
    void aGgmlFileOfOnesOwnNeedsNeitherCardNorASizeInItsName() throws IOException {
        Path folder = Files.createDirectories(local.resolve("own/converted"));
        Files.writeString(folder.resolve("ggml-model.bin"), "weights");
        InstalledModel model = store.require(ModelId.parse("own/converted"));
        assertThat(model.family()).isEqualTo(ModelFamily.WHISPER_GGML);
        assertThat(model.id()).hasToString("own/converted:model");
    }

    @Test
    void oneRepositoryOfManyCheckpointsIsManyModels() throws IOException {
        ModelId id = ModelId.parse("ggerganov/whisper.cpp");
        cached(id, "ggml-tiny.bin", "tiny");
        cached(id, "ggml-base.en.bin", "base");
        assertThat(store.list())
                .extracting(model -> model.id().toString())
                .containsExactly("ggerganov/whisper.cpp:base.en", "ggerganov/whisper.cpp:tiny");
        InstalledModel tiny = store.require(id.withVariant("tiny"));
        assertThat(tiny.checkpoint().orElseThrow()).hasContent("tiny");
        assertThatThrownBy(() -> store.require(id)).hasMessageContaining("base.en");
        store.delete(id.withVariant("tiny"));
        assertThat(store.require(id).checkpoint().orElseThrow()).hasContent("base");
        assertThat(store.require(id.withVariant("base.en"))).isEqualTo(store.require(id));
        store.delete(id.withVariant("base.en"));
        assertThat(repository(id)).doesNotExist();
    }

    @Test
    void theIdOfACheckpointIsTheSameWhateverElseIsInstalled() throws IOException {
        ModelId id = ModelId.parse("ggerganov/whisper.cpp");
        for (String size : List.of("tiny.en", "base", "small")) {
            cached(id, "ggml-" + size + ".bin", size);
            assertThat(store.list())
                    .extracting(InstalledModel::id)
                    .contains(id.withVariant("tiny.en"), id.withVariant(size))
                    .doesNotContain(id);
        }
    }

    @Test
    void aVoiceActivityModelOfWhisperCppIsNoWhisper() throws IOException {
        cached(ModelId.parse("ggml-org/whisper-vad"), "ggml-silero-v5.1.2.bin", "lmgg");
        ModelId id = ModelId.parse("ggerganov/whisper.cpp");
        cached(id, "ggml-silero-v5.1.2.bin", "lmgg");
        cached(id, "ggml-tiny.bin", "lmgg");
        assertThat(store.list())
                .extracting(InstalledModel::id)
                .containsExactly(id.withVariant("tiny"));
        assertThatThrownBy(() -> store.require(ModelId.parse("ggml-org/whisper-vad")))
                .hasMessageContaining("onnx-community/silero-vad");
    }

    @Test
    void recognisesSpeechModelsAndTheirVoices() throws IOException {
        ModelId piper = ModelId.parse("speaches-ai/piper-en_GB-alan-low");
        cached(piper, "README.md", "---\nlanguage: en\ntags: [speaches, piper]\n---\n");
        cached(piper, "model.onnx", "graph");
        cached(
                piper,
                "config.json",
                "{\"phoneme_id_map\": {}, \"audio\": {\"sample_rate\": 16000},"
                        + " \"espeak\": {\"voice\": \"en-gb\"}}");
        ModelId kokoro = ModelId.parse("onnx-community/Kokoro-82M-v1.0-ONNX");
        cached(kokoro, "onnx/model.onnx", "graph");
        cached(kokoro, "onnx/model_q4.onnx", "other graph");
        cached(kokoro, "voices/bf_emma.bin", "voice");
        cached(kokoro, "config.json", "{}");
        SpeechVoices emma = requireNonNull(store.require(kokoro).card().speech());
        assertThat(emma.sampleRate()).isEqualTo(24_000);
        assertThat(emma.voices())
                .containsExactly(new SpeechVoices.Voice("bf_emma", "bf_emma", "en-gb", "female"));
        assertThat(store.require(kokoro).files()).doesNotContainKey("onnx/model_q4.onnx");
        SpeechVoices alan = requireNonNull(store.require(piper).card().speech());
        assertThat(alan.sampleRate()).isEqualTo(16_000);
        assertThat(alan.voices())
                .containsExactly(new SpeechVoices.Voice("alan", "alan", "en", null));
        assertThat(store.list())
                .extracting(model -> model.family() + " " + model.id())
                .containsExactly("PIPER " + piper, "KOKORO " + kokoro, "KOKORO " + kokoro + ":q4");
        assertThat(store.require(ModelId.parse(kokoro + ":q4")).weights())
                .containsExactly("onnx/model_q4.onnx");
    }

    @Test
    void ofManyPiperVoicesInFoldersTheOneThatIsThereIsInstalled() throws IOException {
        ModelId voices = ModelId.parse("rhasspy/piper-voices");
        String config = "{\"phoneme_id_map\": {}, \"espeak\": {\"voice\": \"de\"}}";
        cached(voices, "de/de_DE/thorsten/low/de_DE-thorsten-low.onnx", "graph");
        cached(voices, "de/de_DE/thorsten/low/de_DE-thorsten-low.onnx.json", config);
        InstalledModel found = store.require(voices);
        assertThat(found.id()).isEqualTo(ModelId.parse(voices + ":de_DE-thorsten-low"));
        assertThat(requireNonNull(found.card().speech()).voices())
                .containsExactly(new SpeechVoices.Voice("thorsten", "thorsten", "de", null));
        cached(voices, "en/en_US/amy/low/en_US-amy-low.onnx", "graph");
        cached(voices, "en/en_US/amy/low/en_US-amy-low.onnx.json", config);
        assertThatThrownBy(() -> store.require(voices))
                .hasMessageContaining(voices + ":en_US-amy-low");
    }

    @Test
    void aPiperVoiceOfSeveralSpeakersIsListedByThem() throws IOException {
        ModelId many = ModelId.parse("me/piper-en_US-libritts-high");
        cached(many, "README.md", "---\nlanguage: en\ntags: [speaches, piper]\n---\n");
        cached(many, "model.onnx", "graph");
        cached(
                many,
                "config.json",
                "{\"phoneme_id_map\": {}, \"audio\": {\"sample_rate\": 22050}, \"espeak\": {\"voice\": \"en-us\"},"
                        + " \"num_speakers\": 2, \"speaker_id_map\": {\"p2\": 1, \"p1\": 0}}");
        assertThat(requireNonNull(store.require(many).card().speech()).voices())
                .extracting(SpeechVoices.Voice::id)
                .containsExactly("p1", "p2");
    }

    private void whisper() throws IOException {
        cached(WHISPER, "README.md", "---\nlanguage:\n- en\n- no\n---\n# Whisper\n");
        cached(WHISPER, "config.json", WHISPER_CONFIG);
        cached(WHISPER, "model.bin", "weights");
        cached(WHISPER, "vocabulary.txt", "a\nb\n");
    }

    private static void plain(Path directory) throws IOException {
        Files.createDirectories(directory);
        Files.writeString(directory.resolve("config.json"), WHISPER_CONFIG);
        Files.writeString(directory.resolve("model.bin"), "weights");
        Files.writeString(directory.resolve("vocabulary.json"), "[]");
    }

    /** Lays a file as huggingface_hub does: a blob and a relative link. */
    private void cached(ModelId id, String file, String content) throws IOException {
        Path blobs = Files.createDirectories(repository(id).resolve("blobs"));
        Path blob = blobs.resolve("blob-" + file.replace('/', '-'));
        Files.writeString(blob, content);
        Path link = snapshot(id).resolve(file);
        Path directory = requireNonNull(link.getParent());
        Files.createDirectories(directory);
        Files.createSymbolicLink(link, directory.relativize(blob));
        Files.createDirectories(repository(id).resolve("refs"));
        Files.writeString(repository(id).resolve("refs/main"), COMMIT);
    }

    private Path repository(ModelId id) {
        return cache.resolve(id.cacheFolder());
    }

    private Path snapshot(ModelId id) {
        return repository(id).resolve("snapshots").resolve(COMMIT);
    }
}
