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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where models are found, and what is listed and deleted. */
@Tag("locale")
final class ModelStoreTest extends StoreFolders {
    private static final ModelId WHISPER = ModelId.parse("Systran/faster-whisper-tiny");
    private static final String WHISPER_CONFIG = "{\"suppress_ids\": [1], \"lang_ids\": []}";

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
}
