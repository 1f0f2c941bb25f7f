package dev.parlo.registry.cache;

import static dev.parlo.registry.cache.HubFixture.WEIGHTS;
import static dev.parlo.registry.cache.HubFixture.WHISPER;
import static dev.parlo.registry.cache.HubFixture.failsWith;
import static dev.parlo.registry.cache.HubFixture.names;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.parlo.registry.Fault;
import dev.parlo.registry.InstalledModel;
import dev.parlo.registry.ModelId;
import dev.parlo.registry.ModelStore;
import dev.parlo.registry.RegistryException.Category;
import dev.parlo.registry.cache.DownloadProgress.State;
import dev.parlo.registry.hub.CancelSignal;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("locale")
class ModelDownloaderTest extends HubTest {
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void downloadsWhatTheFamilyNeedsInHuggingFacesLayout(boolean ranges) throws IOException {
        try (ModelDownloader downloader = fixture.downloader(ranges)) {
            Download download = downloader.start(WHISPER);
            assertThat(download.alreadyInstalled()).isFalse();
            InstalledModel model = download.await();
            assertThat(model.files())
                    .containsOnlyKeys(
                            "README.md",
                            "config.json",
                            "model.bin",
                            "tokenizer.json",
                            "vocabulary.txt");
            assertThat(model.card().languages()).containsExactly("en");
            assertThat(model.directory().resolve("model.bin"))
                    .hasSameBinaryContentAs(fixture.repository(WHISPER).resolve("model.bin"));
        }
        Path repository = fixture.cache.resolve("models--Systran--faster-whisper-tiny");
        String commit = Files.readString(repository.resolve("refs/main"));
        assertThat(commit).matches("[0-9a-f]{40}");
        Path snapshot = repository.resolve("snapshots").resolve(commit);
        try (Stream<Path> files = Files.list(snapshot)) {
            for (Path file : files.toList()) {
                Path target = Files.readSymbolicLink(file);
                assertThat(target.toString()).matches("\\.\\./\\.\\./blobs/[0-9a-f]{40,64}");
                assertThat(
                                BlobHash.mismatch(
                                        file, target.getFileName().toString(), new CancelSignal()))
                        .isEmpty();
            }
        }
        assertThat(names(fixture.blobs(WHISPER))).allMatch(BlobHash::isHash).hasSize(5);
        assertThat(names(fixture.cache.resolve(".locks").resolve(WHISPER.cacheFolder())))
                .allMatch(name -> name.endsWith(".lock"));
        assertThat(names(repository))
                .containsExactlyInAnyOrder("blobs", "refs", "snapshots", ".parlo");
        assertThat(fixture.sent("model.bin")).isEqualTo(WEIGHTS);
        boolean several =
                fixture.hub.requests().stream().filter(request -> request.store()).count() > 5;
        assertThat(several).isEqualTo(ranges);
    }

    @Test
    void anInstalledModelIsNotAskedForAgain() {
        try (ModelDownloader downloader = fixture.downloader(true)) {
            InstalledModel model = downloader.download(WHISPER);
            fixture.hub.forgetRequests();
            Download again = downloader.start(WHISPER);
            assertThat(again.alreadyInstalled()).isTrue();
            assertThat(again.await()).isEqualTo(model);
            assertThat(again.progress().state()).isEqualTo(State.DONE);
            assertThat(fixture.hub.requests()).isEmpty();
        }
    }

    @Test
    void aRenamedRepositoryIsFollowed() throws IOException {
        ModelId old = ModelId.parse("old/faster-whisper");
        Files.createDirectories(fixture.repository(old));
        fixture.options(old, "{\"movedTo\": \"" + WHISPER + "\"}");
        try (ModelDownloader downloader = fixture.downloader(false)) {
            assertThat(downloader.download(old).id()).isEqualTo(old);
        }
    }

    @Test
    void anUnsupportedRepositoryIsNamedBeforeAnyByte() throws IOException {
        ModelId id = ModelId.parse("openai/whisper-tiny");
        fixture.file(id, "pytorch_model.bin", "weights");
        try (ModelDownloader downloader = fixture.downloader(true)) {
            assertThatThrownBy(() -> downloader.download(id))
                    .satisfies(failsWith(Category.UNSUPPORTED))
                    .hasMessageContaining("safetensors/convert")
                    .hasMessageContaining("Systran/faster-whisper-tiny");
        }
        assertThat(fixture.sent("pytorch_model.bin")).isZero();
    }

    @Test
    void whatHuggingFaceHubBeganIsFinished() throws IOException {
        byte[] weights = Files.readAllBytes(fixture.repository(WHISPER).resolve("model.bin"));
        String etag = fixture.etag(WHISPER, "model.bin");
        Files.createDirectories(fixture.blobs(WHISPER));
        Files.write(
                fixture.blobs(WHISPER).resolve(etag + ".incomplete"),
                Arrays.copyOf(weights, 750_000));
        try (ModelDownloader downloader = fixture.downloader(true)) {
            downloader.download(WHISPER);
        }
        assertThat(fixture.sent("model.bin")).isEqualTo(WEIGHTS - 750_000);
    }

    @Tag("once")
    @Test
    void everyoneWhoAsksSharesOneDownload() {
        fixture.hub.fault(new Fault("model.bin", Fault.Kind.STALL, 1000));
        try (ModelDownloader downloader = fixture.downloader(false)) {
            List<Download> downloads = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                downloads.add(downloader.start(WHISPER));
            }
            assertThat(downloads).allMatch(download -> download == downloads.getFirst());
            assertThat(downloader.running()).hasSize(1);
            fixture.hub.heal();
            downloads.forEach(Download::await);
            assertThat(downloader.running()).isEmpty();
        }
        assertThat(fixture.sent("model.bin")).isEqualTo(WEIGHTS);
    }

    @Test
    void twoProcessesFetchEachFileOnce() throws Exception {
        try (ModelDownloader one = fixture.downloader(true);
                ModelDownloader other = fixture.downloader(true)) {
            Download first = one.start(WHISPER);
            Download second = other.start(WHISPER);
            assertThat(first.await().files()).isEqualTo(second.await().files());
        }
        assertThat(fixture.sent("model.bin")).isEqualTo(WEIGHTS);
    }

    @Test
    void cancellingEndsAtOnceAndKeepsWhatIsThere() {
        fixture.hub.fault(new Fault("model.bin", Fault.Kind.STALL, 200_000));
        try (ModelDownloader downloader = fixture.downloader(false)) {
            Download download = downloader.start(WHISPER);
            await().until(() -> download.progress().bytes() > 100_000);
            assertThat(downloader.cancel(WHISPER)).isTrue();
            assertThatThrownBy(download::await).satisfies(failsWith(Category.CANCELLED));
            assertThat(download.progress().state()).isEqualTo(State.CANCELLED);
            assertThat(downloader.cancel(WHISPER)).isFalse();
            fixture.hub.heal();
            fixture.hub.forgetRequests();
            downloader.download(WHISPER);
            assertThat(fixture.sent("model.bin")).isLessThan(WEIGHTS);
        }
    }

    @Test
    void whatWasDownloadedInVainIsNotRecommendedForDownloadAgain() throws IOException {
        ModelId lora = ModelId.parse("me/whisper-lora");
        fixture.file(lora, "adapter_config.json", "{\"base_model_name_or_path\": \"openai/x\"}");
        fixture.file(lora, "adapter_model.safetensors", "not read");
        ModelStore store = fixture.store();
        assertThatThrownBy(() -> store.require(lora)).hasMessageContaining("parlo model download");
        try (ModelDownloader downloader = fixture.downloader(store, false, new Disk())) {
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> downloader.download(lora))
                        .satisfies(failsWith(Category.UNSUPPORTED))
                        .hasMessageContaining("It holds an adapter (LoRA) of 'openai/x'");
                assertThatThrownBy(() -> store.require(lora))
                        .satisfies(failsWith(Category.UNSUPPORTED))
                        .hasMessageContaining("It holds an adapter (LoRA) of 'openai/x'")
                        .hasMessageNotContaining("parlo model download");
            }
        }
    }

    @Test
    void aModelBeingDownloadedIsNotDeleted() {
        fixture.hub.fault(new Fault("model.bin", Fault.Kind.STALL, 200_000));
        ModelStore store = fixture.store();
        try (ModelDownloader downloader = fixture.downloader(store, false, new Disk())) {
            Download download = downloader.start(WHISPER);
            await().until(() -> download.progress().bytes() > 0);
            assertThatThrownBy(() -> store.delete(WHISPER)).satisfies(failsWith(Category.CONFLICT));
            assertThat(store.find(WHISPER)).isEmpty();
            download.cancel();
            assertThatThrownBy(download::await).satisfies(failsWith(Category.CANCELLED));
        }
        store.delete(WHISPER);
        assertThat(fixture.cache.resolve(WHISPER.cacheFolder())).doesNotExist();
    }

    @Test
    void whoHearsThatADownloadIsOverMayDeleteItsModel() {
        ModelStore store = fixture.store();
        try (ModelDownloader downloader = fixture.downloader(store, false, new Disk())) {
            AtomicReference<RuntimeException> refused = new AtomicReference<>();
            // Held for a listener, which hears of the end on the thread of the download.
            fixture.hub.fault(new Fault("model.bin", Fault.Kind.STALL, 1000));
            Download download = downloader.start(WHISPER);
            try (Subscription subscription =
                    download.subscribe(progress -> {
                        if (progress.state() == State.DONE) {
                            try {
                                store.delete(WHISPER);
                            } catch (RuntimeException conflict) {
                                refused.set(conflict);
                            }
                        }
                    })) {
                assertThat(subscription).isNotNull();
                fixture.hub.heal();
                download.await();
            }
            assertThat(refused.get()).isNull();
            assertThat(store.find(WHISPER)).isEmpty();
        }
    }

    @Test
    void aRepositoryIsNotDeletedWhileAnotherOfItsCheckpointsIsBeingDownloaded() throws IOException {
        ModelId id = ModelId.parse("ggerganov/whisper.cpp");
        fixture.file(id, "ggml-tiny.bin", "tiny");
        fixture.file(id, "ggml-base.bin", "base and more");
        fixture.hub.fault(new Fault("ggml-base.bin", Fault.Kind.STALL, 4));
        ModelStore store = fixture.store();
        try (ModelDownloader downloader = fixture.downloader(store, false, new Disk())) {
            Download base = downloader.start(id.withVariant("base"));
            await().until(() -> base.progress().bytes() > 0);
            downloader.download(id.withVariant("tiny"));
            assertThatThrownBy(() -> store.delete(id)).satisfies(failsWith(Category.CONFLICT));
            base.cancel();
            assertThatThrownBy(base::await).satisfies(failsWith(Category.CANCELLED));
        }
        store.delete(id);
        assertThat(fixture.cache.resolve(id.cacheFolder())).doesNotExist();
    }

    @Test
    void aJournalOfNonsenseIsBegunAnew() throws IOException {
        String etag = fixture.etag(WHISPER, "model.bin");
        Path blob = Files.createDirectories(fixture.blobs(WHISPER)).resolve(etag);
        Files.write(PartialFiles.ranged(blob), new byte[100]);
        for (long rangeBytes : new long[] {1, -1, 0, Long.MAX_VALUE, 100_000}) {
            ByteBuffer nonsense = ByteBuffer.allocate(40).putInt(0x50524C4F).putInt(1);
            Files.write(
                    PartialFiles.journal(blob),
                    nonsense.putLong(Long.MAX_VALUE / 2).putLong(rangeBytes).array());
            assertThat(RangeJournal.peek(PartialFiles.journal(blob), Long.MAX_VALUE / 2, 100))
                    .isEmpty();
        }
        try (ModelDownloader downloader = fixture.downloader(true)) {
            assertThat(downloader.download(WHISPER).directory().resolve("model.bin"))
                    .hasSameBinaryContentAs(fixture.repository(WHISPER).resolve("model.bin"));
        }
    }

    @Test
    void progressCountsEveryByteAndEndsWithItsState() {
        List<DownloadProgress> told = new CopyOnWriteArrayList<>();
        try (ModelDownloader downloader = fixture.downloader(true)) {
            Download download = downloader.start(WHISPER);
            try (Subscription subscription = download.subscribe(told::add)) {
                InstalledModel model = download.await();
                await().until(() -> !told.isEmpty() && told.getLast().state() == State.DONE);
                assertThat(told.getLast().bytes()).isEqualTo(model.sizeBytes());
                assertThat(told.getLast().totalBytes()).isEqualTo(model.sizeBytes());
                assertThat(subscription).isNotNull();
            }
        }
        assertThat(told)
                .allSatisfy(progress ->
                        assertThat(progress.bytes())
                                .isBetween(0L, Math.max(0, progress.totalBytes())));
    }

    @Test
    void oneCheckpointOfManyIsFetched() throws IOException {
        ModelId id = ModelId.parse("ggerganov/whisper.cpp");
        fixture.file(id, "ggml-tiny.bin", "tiny");
        fixture.file(id, "ggml-base.bin", "base");
        try (ModelDownloader downloader = fixture.downloader(true)) {
            assertThatThrownBy(() -> downloader.download(id))
                    .satisfies(failsWith(Category.NO_VARIANT))
                    .hasMessageContaining("ggerganov/whisper.cpp:base");
            InstalledModel tiny = downloader.download(id.withVariant("tiny"));
            assertThat(tiny.checkpoint().orElseThrow()).hasContent("tiny");
            downloader.download(id.withVariant("base"));
        }
        assertThat(fixture.store().list())
                .extracting(model -> model.id().variant())
                .containsExactly("base", "tiny");
        assertThat(fixture.sent("ggml-")).isEqualTo(8);
    }
}
