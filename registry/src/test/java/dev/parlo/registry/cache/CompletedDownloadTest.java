package dev.parlo.registry.cache;

import static dev.parlo.registry.cache.HubFixture.WHISPER;
import static dev.parlo.registry.cache.HubFixture.failsWith;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.parlo.registry.Fault;
import dev.parlo.registry.GraphBytes;
import dev.parlo.registry.InstalledModel;
import dev.parlo.registry.ModelFamily;
import dev.parlo.registry.ModelId;
import dev.parlo.registry.ModelRemoval;
import dev.parlo.registry.ModelStore;
import dev.parlo.registry.RegistryException.Category;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Downloads into a cache that another program, another disk or an earlier try has shaped. */
class CompletedDownloadTest extends HubTest {
    @ParameterizedTest
    @ValueSource(
            strings = {"tokenizer.json", "preprocessor_config.json", "model.bin", "config.json"})
    void aDownloadCompletesWhatAnotherProgramLeftUnfinished(String missing) throws IOException {
        fixture.file(WHISPER, "preprocessor_config.json", "{\"feature_size\": 80}");
        try (ModelDownloader downloader = fixture.downloader(true)) {
            InstalledModel whole = downloader.download(WHISPER);
            anotherProgramFetchedIt();
            Files.delete(whole.directory().resolve(missing));
            Files.deleteIfExists(fixture.blobs(WHISPER).resolve(fixture.etag(WHISPER, missing)));
            fixture.hub.forgetRequests();

            Download again = downloader.start(WHISPER);
            assertThat(again.await().files()).containsKey(missing);
            assertThat(again.alreadyInstalled()).isFalse();
            assertThat(fixture.sent("/" + missing)).isPositive();
            assertThat(fixture.sent("/vocabulary.txt")).isZero();
        }
    }

    @Test
    void whatIsCompleteIsNotFetchedAgainThoughAnotherProgramFetchedIt() throws IOException {
        try (ModelDownloader downloader = fixture.downloader(true)) {
            downloader.download(WHISPER);
            anotherProgramFetchedIt();
            fixture.hub.forgetRequests();
            Download again = downloader.start(WHISPER);
            again.await();
            assertThat(again.alreadyInstalled()).isTrue();
            assertThat(fixture.sent("resolve")).isLessThan(100); // config.json at most
            fixture.hub.close();
            Download unanswered = downloader.start(WHISPER);
            unanswered.await();
            assertThat(unanswered.alreadyInstalled()).isTrue();
        }
    }

    /** Takes away what this program noted of its own download. */
    private void anotherProgramFetchedIt() throws IOException {
        Path note = fixture.cache.resolve(WHISPER.cacheFolder()).resolve(".parlo");
        assertThat(note).isDirectory();
        ModelRemoval.deleteTree(note);
    }

    @Test
    void theFilesInWhichAGraphKeepsItsWeightsAreFetchedWhateverTheyAreCalled() throws IOException {
        ModelId id = ModelId.parse("me/voice");
        fixture.file(id, "config.json", "{\"phoneme_id_map\": {}}");
        Files.write(
                fixture.repository(id).resolve("model.onnx"),
                GraphBytes.withWeightsIn("kokoro-shaped.weights"));
        fixture.file(id, "kokoro-shaped.weights", "weights");
        fixture.file(id, "other.weights", "not needed");
        try (ModelDownloader downloader = fixture.downloader(true)) {
            assertThat(downloader.download(id).files())
                    .containsOnlyKeys("config.json", "model.onnx", "kokoro-shaped.weights");
        }
    }

    @Test
    void aRepositoryWithoutTheWeightsItsGraphNamesIsSaidToLackThem() throws IOException {
        ModelId id = ModelId.parse("me/voice");
        fixture.file(id, "config.json", "{\"phoneme_id_map\": {}}");
        Files.write(
                fixture.repository(id).resolve("model.onnx"),
                GraphBytes.withWeightsIn("gone.data"));
        try (ModelDownloader downloader = fixture.downloader(true)) {
            assertThatThrownBy(() -> downloader.download(id))
                    .satisfies(failsWith(Category.UNSUPPORTED))
                    .hasMessageContaining("gone.data")
                    .hasMessageNotContaining(folder.toString());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"me/asr-de-ct2", "me/german-v3-finetune", "me/x"})
    void aRepositoryWithTheRightFilesIsTakenWhateverItIsCalled(String name) throws IOException {
        ModelId id = ModelId.parse(name);
        fixture.file(id, "config.json", "{\"suppress_ids\": []}");
        fixture.file(id, "model.bin", "weights");
        fixture.file(id, "tokenizer.json", "{}");
        ModelId other = ModelId.parse("me/whisper-nllb");
        fixture.file(other, "config.json", "{\"bos_token\": \"x\"}");
        fixture.file(other, "model.bin", "weights");
        fixture.file(other, "tokenizer.json", "{}");
        try (ModelDownloader downloader = fixture.downloader(true)) {
            assertThat(downloader.download(id).family()).isEqualTo(ModelFamily.WHISPER_CT2);
            assertThatThrownBy(() -> downloader.download(other))
                    .satisfies(failsWith(Category.UNSUPPORTED));
        }
        assertThat(fixture.cache.resolve(other.cacheFolder())).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"large-v3", "pyannote/segmentation-3.0"})
    void theHubsRefusalNamesTheWayOn(String name) {
        try (ModelDownloader downloader = fixture.downloader(true)) {
            assertThatThrownBy(() -> downloader.download(ModelId.parse(name)))
                    .satisfies(failsWith(Category.NOT_FOUND))
                    .isInstanceOfSatisfying(
                            dev.parlo.registry.RegistryException.class,
                            refused ->
                                    assertThat(refused.advice())
                                            .contains("`parlo model download "));
        }
    }

    @Test
    void anInterruptedDownloadIsNoCorruptRepositoryForHfCache() throws IOException {
        fixture.hub.fault(new Fault("model.bin", Fault.Kind.STALL, 1000));
        Path repository = fixture.cache.resolve(WHISPER.cacheFolder());
        try (ModelDownloader downloader = fixture.downloader(false)) {
            Download download = downloader.start(WHISPER);
            await().until(() -> download.progress().bytes() >= 1000);
            // what scan_cache_dir of huggingface_hub asks of a repository
            String commit = Files.readString(repository.resolve("refs/main"));
            assertThat(repository.resolve("snapshots").resolve(commit)).isEmptyDirectory();
            assertThat(fixture.store().list()).isEmpty();
            download.cancel();
            assertThatThrownBy(download::await).satisfies(failsWith(Category.CANCELLED));
            fixture.hub.heal();
            downloader.download(WHISPER);
        }
        assertThat(fixture.store().list()).hasSize(1);
    }

    @Test
    void oneMoreCheckpointDoesNotHideTheOthersWhenTheRepositoryHasMovedOn() throws IOException {
        ModelId id = ModelId.parse("ggerganov/whisper.cpp");
        fixture.file(id, "ggml-tiny.bin", "tiny");
        fixture.file(id, "ggml-base.bin", "base");
        try (ModelDownloader downloader = fixture.downloader(true)) {
            downloader.download(id.withVariant("tiny"));
            fixture.file(id, "README.md", "another commit");
            downloader.download(id.withVariant("base"));
        }
        // the commit of the first is gone here: the Hub keeps all of them
        assertThat(fixture.store().find(id.withVariant("base"))).isPresent();
    }

    @Test
    void aFolderLinkedToAnotherDiskIsFilledThere() throws IOException {
        Path disk = Files.createDirectories(folder.resolve("other-disk/model"));
        Files.createDirectories(fixture.cache);
        Files.createSymbolicLink(fixture.cache.resolve(WHISPER.cacheFolder()), disk);
        try (ModelDownloader downloader = fixture.downloader(true)) {
            assertThat(downloader.download(WHISPER).directory().resolve("model.bin"))
                    .hasSameBinaryContentAs(fixture.repository(WHISPER).resolve("model.bin"));
        }
        assertThat(disk.resolve("blobs").resolve(fixture.etag(WHISPER, "model.bin"))).exists();
    }

    @ParameterizedTest
    @ValueSource(strings = {"blobs", "snapshots"})
    void aPartLinkedToAnotherDiskIsFilledThere(String part) throws IOException {
        Path disk = Files.createDirectories(folder.resolve("other-disk/part"));
        Path repository = Files.createDirectories(fixture.cache.resolve(WHISPER.cacheFolder()));
        Files.createSymbolicLink(repository.resolve(part), disk);
        try (ModelDownloader downloader = fixture.downloader(true)) {
            assertThat(downloader.download(WHISPER).directory().resolve("model.bin"))
                    .hasSameBinaryContentAs(fixture.repository(WHISPER).resolve("model.bin"));
        }
        assertThat(disk).isNotEmptyDirectory();
    }

    @Test
    void whereNoLinksCanBeMadeTheFilesAreMovedIntoPlace() throws IOException {
        fixture.file(WHISPER, "vocabulary.json", "{}"); // the same bytes as tokenizer.json
        Disk withoutLinks =
                new Disk() {
                    @Override
                    boolean symbolicLink(Path link, Path target) {
                        return false;
                    }

                    @Override
                    boolean hardLink(Path link, Path file) {
                        return false;
                    }
                };
        ModelStore store = fixture.store();
        try (ModelDownloader downloader = fixture.downloader(store, true, withoutLinks)) {
            InstalledModel model = downloader.download(WHISPER);
            assertThat(model.files())
                    .containsKeys("model.bin", "tokenizer.json", "vocabulary.json", "config.json");
            for (String file : model.files().keySet()) {
                Path placed = model.directory().resolve(file);
                assertThat(Files.isRegularFile(placed, LinkOption.NOFOLLOW_LINKS)).isTrue();
                assertThat(placed)
                        .hasSameBinaryContentAs(fixture.repository(WHISPER).resolve(file));
            }
            Files.delete(model.directory().resolve("tokenizer.json"));
            fixture.hub.forgetRequests();
            assertThat(downloader.download(WHISPER).files()).containsKey("tokenizer.json");
            assertThat(fixture.sent("model.bin")).isZero(); // it lies there, without a blob
        }
        try (Stream<Path> blobs = Files.list(fixture.blobs(WHISPER))) {
            assertThat(blobs.toList()).isEmpty();
        }
        store.delete(WHISPER);
        assertThat(fixture.cache.resolve(WHISPER.cacheFolder())).doesNotExist();
        assertThat(List.of(fixture.cache)).isNotEmpty();
    }
}
