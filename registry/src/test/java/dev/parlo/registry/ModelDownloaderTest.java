package dev.parlo.registry;

import static dev.parlo.registry.HubFixture.WEIGHTS;
import static dev.parlo.registry.HubFixture.WHISPER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.parlo.registry.DownloadProgress.State;
import dev.parlo.registry.RegistryException.Category;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelDownloaderTest {
    @TempDir Path folder;
    private HubFixture fixture;

    @BeforeEach
    void start() throws IOException {
        fixture = new HubFixture(folder);
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

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
        assertThat(names(repository)).containsExactlyInAnyOrder("blobs", "refs", "snapshots");
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
    void theTokenNeverLeavesTheHub() throws IOException {
        fixture.options(WHISPER, "{\"private\": true}");
        try (HubClient client = fixture.client(Optional.of(TestHub.TOKEN), true);
                ModelDownloader downloader =
                        new ModelDownloader(
                                client, fixture.store(), HubFixture.SMALL_RANGES, new Disk())) {
            downloader.download(WHISPER);
        }
        assertThat(fixture.hub.requests())
                .isNotEmpty()
                .allSatisfy(
                        request -> assertThat(request.authorized()).isEqualTo(!request.store()));
        assertThat(fixture.hub.requests()).anyMatch(TestHub.Seen::store);
    }

    @Test
    void aPrivateModelIsNotFoundWithoutItsToken() throws IOException {
        fixture.options(WHISPER, "{\"private\": true}");
        assertThat(failure(Optional.empty())).isEqualTo(Category.NOT_FOUND);
        assertThat(failure(Optional.of("hf_wrong"))).isEqualTo(Category.UNAUTHORIZED);
        assertThat(fixture.store().list()).isEmpty();
    }

    @Test
    void aGatedModelNamesTheToken() throws IOException {
        fixture.options(WHISPER, "{\"gated\": true}");
        assertThat(failure(Optional.empty())).isEqualTo(Category.GATED);
        assertThat(failure(Optional.of(TestHub.TOKEN))).isNull();
        fixture.store().delete(WHISPER);
        fixture.options(WHISPER, "{\"gated\": \"denied\"}");
        assertThat(failure(Optional.of(TestHub.TOKEN))).isEqualTo(Category.GATED);
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
        fixture.file(id, "model.safetensors", "weights");
        try (ModelDownloader downloader = fixture.downloader(true)) {
            assertThatThrownBy(() -> downloader.download(id))
                    .satisfies(is(Category.UNSUPPORTED))
                    .hasMessageContaining("Systran/faster-whisper-tiny");
        }
        assertThat(fixture.sent("safetensors")).isZero();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aCutConnectionGoesOnWhereItWas(boolean ranges) {
        fixture.hub.fault(new Fault("model.bin", Fault.Kind.CUT, 60_000, 2));
        try (ModelDownloader downloader = fixture.downloader(ranges)) {
            downloader.download(WHISPER);
        }
        assertThat(fixture.sent("model.bin")).isEqualTo(WEIGHTS);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theNextDownloadGoesOnWhereAFailedOneStopped(boolean ranges) {
        fixture.hub.fault(new Fault("model.bin", Fault.Kind.CUT, 10_000));
        try (ModelDownloader downloader = fixture.downloader(ranges)) {
            assertThatThrownBy(() -> downloader.download(WHISPER))
                    .satisfies(is(Category.UNAVAILABLE));
            assertThat(fixture.store().list()).isEmpty();
            fixture.hub.heal();
            long before = fixture.sent("model.bin");
            downloader.download(WHISPER);
            assertThat(before).isPositive();
            // a cut range may have been sent further than it was read
            assertThat(fixture.sent("model.bin")).isBetween((long) WEIGHTS, WEIGHTS + 3 * 10_000L);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aDownloadBegunOneWayGoesOnTheOther(boolean first) {
        fixture.hub.fault(new Fault("model.bin", Fault.Kind.CUT, 20_000));
        try (ModelDownloader downloader = fixture.downloader(first)) {
            assertThatThrownBy(() -> downloader.download(WHISPER)).isNotNull();
        }
        fixture.hub.heal();
        fixture.hub.forgetRequests();
        try (ModelDownloader downloader = fixture.downloader(!first)) {
            downloader.download(WHISPER);
        }
        assertThat(fixture.sent("model.bin")).isLessThan(WEIGHTS);
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

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aStalledConnectionIsGivenUpAndResumed(boolean ranges) {
        fixture.hub.fault(new Fault("model.bin", Fault.Kind.STALL, 50_000, 1));
        try (ModelDownloader downloader = fixture.downloader(ranges)) {
            downloader.download(WHISPER);
        }
        assertThat(fixture.sent("model.bin")).isEqualTo(WEIGHTS);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aServerThatIgnoresRangesIsReadFromTheStart(boolean ranges) {
        fixture.hub.fault(new Fault("model.bin", Fault.Kind.NO_RANGE, 0));
        fixture.hub.fault(new Fault("model.bin", Fault.Kind.CUT, 300_000, 2));
        try (ModelDownloader downloader = fixture.downloader(ranges)) {
            InstalledModel model = downloader.download(WHISPER);
            assertThat(model.directory().resolve("model.bin"))
                    .hasSameBinaryContentAs(fixture.repository(WHISPER).resolve("model.bin"));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aServerErrorIsTriedAgain(boolean ranges) {
        fixture.hub.fault(new Fault("model.bin", Fault.Kind.STATUS, 503, 2));
        fixture.hub.fault(new Fault("revision", Fault.Kind.STATUS, 500, 2));
        try (ModelDownloader downloader = fixture.downloader(ranges)) {
            downloader.download(WHISPER);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"model.bin", "vocabulary.txt"})
    void wrongBytesAreFetchedOnceMore(String file) {
        fixture.hub.fault(new Fault(file, Fault.Kind.HASH, 0, 1));
        try (ModelDownloader downloader = fixture.downloader(false)) {
            downloader.download(WHISPER);
        }
        assertThat(fixture.cache.resolve(WHISPER.cacheFolder()).resolve("quarantine"))
                .isEmptyDirectory();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void bytesThatStayWrongAreNeverInstalled(boolean ranges) throws IOException {
        fixture.hub.fault(new Fault("model.bin", Fault.Kind.HASH, 0));
        try (ModelDownloader downloader = fixture.downloader(ranges)) {
            assertThatThrownBy(() -> downloader.download(WHISPER))
                    .satisfies(is(Category.CORRUPT))
                    .hasMessageContaining("model.bin");
            assertThat(fixture.store().list()).isEmpty();
            assertThat(names(fixture.cache.resolve(WHISPER.cacheFolder()).resolve("quarantine")))
                    .hasSize(1);
            fixture.hub.heal();
            downloader.download(WHISPER);
        }
        assertThat(fixture.store().list()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aWrongSizeIsNeverInstalled(boolean ranges) {
        fixture.hub.fault(new Fault("model.bin", Fault.Kind.SIZE, 10));
        try (ModelDownloader downloader = fixture.downloader(ranges)) {
            assertThatThrownBy(() -> downloader.download(WHISPER))
                    .isInstanceOf(RegistryException.class);
        }
        assertThat(fixture.store().list()).isEmpty();
    }

    @Test
    void aRateLimitIsWaitedForOrReported() {
        fixture.hub.fault(new Fault("revision", Fault.Kind.RATE_LIMIT, 0, 2));
        try (ModelDownloader downloader = fixture.downloader(true)) {
            downloader.download(WHISPER);
            fixture.store().delete(WHISPER);
            fixture.hub.fault(new Fault("revision", Fault.Kind.RATE_LIMIT, 3600));
            assertThatThrownBy(() -> downloader.download(WHISPER))
                    .satisfies(is(Category.RATE_LIMITED))
                    .isInstanceOfSatisfying(
                            RegistryException.class,
                            limited ->
                                    assertThat(limited.retryAfter().orElseThrow())
                                            .hasSeconds(3600));
        }
    }

    @Test
    void offlineAsksNothing() {
        HubSettings online = fixture.settings(Optional.empty(), true);
        HubSettings offline =
                new HubSettings(
                        online.endpoint(),
                        online.token(),
                        online.cache(),
                        true,
                        online.metadataTimeout(),
                        online.downloadTimeout(),
                        true);
        try (HubClient client = new HubClient(offline, HubFixture.QUICK);
                ModelDownloader downloader = new ModelDownloader(client, fixture.store())) {
            assertThatThrownBy(() -> downloader.download(WHISPER)).satisfies(is(Category.OFFLINE));
        }
        assertThat(fixture.hub.requests()).isEmpty();
    }

    @Test
    void aDeadHubIsUnavailable() {
        fixture.hub.close();
        try (ModelDownloader downloader = fixture.downloader(true)) {
            assertThatThrownBy(() -> downloader.download(WHISPER))
                    .satisfies(is(Category.UNAVAILABLE));
        }
    }

    @Test
    void everyoneWhoAsksSharesOneDownload() {
        fixture.hub.fault(new Fault("model.bin", Fault.Kind.STALL, 1000, 1));
        try (ModelDownloader downloader = fixture.downloader(false)) {
            List<Download> downloads = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                downloads.add(downloader.start(WHISPER));
            }
            assertThat(downloads).allMatch(download -> download == downloads.getFirst());
            assertThat(downloader.running()).hasSize(1);
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
        fixture.hub.fault(new Fault("model.bin", Fault.Kind.STALL, 200_000, 1));
        try (ModelDownloader downloader = fixture.downloader(false)) {
            Download download = downloader.start(WHISPER);
            await().until(() -> download.progress().bytes() > 100_000);
            assertThat(downloader.cancel(WHISPER)).isTrue();
            assertThatThrownBy(download::await).satisfies(is(Category.CANCELLED));
            assertThat(download.progress().state()).isEqualTo(State.CANCELLED);
            assertThat(downloader.cancel(WHISPER)).isFalse();
            fixture.hub.heal();
            fixture.hub.forgetRequests();
            downloader.download(WHISPER);
            assertThat(fixture.sent("model.bin")).isLessThan(WEIGHTS);
        }
    }

    @Test
    void aModelBeingDownloadedIsNotDeleted() {
        fixture.hub.fault(new Fault("model.bin", Fault.Kind.STALL, 200_000, 1));
        ModelStore store = fixture.store();
        try (ModelDownloader downloader =
                new ModelDownloader(
                        fixture.client(Optional.empty(), false),
                        store,
                        HubFixture.SMALL_RANGES,
                        new Disk())) {
            Download download = downloader.start(WHISPER);
            await().until(() -> download.progress().bytes() > 0);
            assertThatThrownBy(() -> store.delete(WHISPER)).satisfies(is(Category.CONFLICT));
            assertThat(store.find(WHISPER)).isEmpty();
            download.cancel();
            assertThatThrownBy(download::await).satisfies(is(Category.CANCELLED));
        }
        store.delete(WHISPER);
        assertThat(fixture.cache.resolve(WHISPER.cacheFolder())).doesNotExist();
    }

    @Test
    void progressCountsEveryByteAndEndsWithItsState() {
        List<DownloadProgress> told = new CopyOnWriteArrayList<>();
        try (ModelDownloader downloader = fixture.downloader(true)) {
            Download download = downloader.start(WHISPER);
            try (Subscription subscription = download.subscribe(told::add)) {
                InstalledModel model = download.await();
                await().until(() -> told.getLast().state() == State.DONE);
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
    void aDiskWithoutRoomIsRefusedBeforeAnyByte() {
        Disk small =
                new Disk() {
                    @Override
                    long usableBytes(Path path) {
                        return 1000;
                    }
                };
        try (ModelDownloader downloader = with(small)) {
            assertThatThrownBy(() -> downloader.download(WHISPER))
                    .satisfies(is(Category.NO_SPACE))
                    .hasMessageContaining("1,000");
        }
        assertThat(fixture.sent("model.bin")).isZero();
    }

    @Test
    void aDiskThatFillsUpIsSaidAndLeftClean() throws IOException {
        AtomicLong room = new AtomicLong(400_000);
        Disk filling =
                new Disk() {
                    @Override
                    void write(FileChannel channel, ByteBuffer bytes, long position)
                            throws IOException {
                        if (room.addAndGet(-bytes.remaining()) < 0) {
                            throw new IOException("No space left on device");
                        }
                        super.write(channel, bytes, position);
                    }
                };
        try (ModelDownloader downloader = with(filling)) {
            assertThatThrownBy(() -> downloader.download(WHISPER))
                    .satisfies(is(Category.NO_SPACE))
                    .hasMessageContaining("removed");
            assertThat(names(fixture.blobs(WHISPER))).allMatch(BlobHash::isHash);
            assertThat(fixture.store().list()).isEmpty();
            room.set(Long.MAX_VALUE);
            downloader.download(WHISPER);
        }
        assertThat(fixture.store().list()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"../../../evil.bin", "/etc/evil", "a/../../b", "c\\\\d", "model.bin\\u0000"})
    void aHostileFileListReachesNothing(String name) throws IOException {
        ModelId id = ModelId.parse("evil/kokoro");
        fixture.file(id, "README.md", "---\ntags: [kokoro]\n---\n");
        fixture.file(id, "model.onnx", "graph");
        fixture.options(
                id,
                "{\"raw\": {\"siblings\": [{\"rfilename\": \"model.onnx\"}, {\"rfilename\":"
                        + " \"voices/"
                        + name
                        + "\"}, {\"rfilename\": \"voices/x.bin\"}, {\"rfilename\": \""
                        + name
                        + "\"}]}}");
        try (ModelDownloader downloader = fixture.downloader(true)) {
            assertThatThrownBy(() -> downloader.download(id)).isInstanceOf(RegistryException.class);
        }
        try (Stream<Path> all = Files.walk(folder)) {
            assertThat(all.filter(path -> path.toString().contains("evil.bin"))).isEmpty();
        }
    }

    @Test
    void aPartialFileThatIsALinkIsNotWrittenThrough() throws IOException {
        String etag = fixture.etag(WHISPER, "model.bin");
        Path precious = Files.writeString(folder.resolve("precious"), "keep");
        Files.createDirectories(fixture.blobs(WHISPER));
        Files.createSymbolicLink(fixture.blobs(WHISPER).resolve(etag + ".incomplete"), precious);
        try (ModelDownloader downloader = fixture.downloader(false)) {
            assertThatThrownBy(() -> downloader.download(WHISPER)).satisfies(is(Category.IO));
        }
        assertThat(precious).hasContent("keep");
    }

    @Test
    void oneCheckpointOfManyIsFetched() throws IOException {
        ModelId id = ModelId.parse("ggerganov/whisper.cpp");
        fixture.file(id, "ggml-tiny.bin", "tiny");
        fixture.file(id, "ggml-base.bin", "base");
        try (ModelDownloader downloader = fixture.downloader(true)) {
            assertThatThrownBy(() -> downloader.download(id))
                    .satisfies(is(Category.NOT_FOUND))
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

    private ModelDownloader with(Disk disk) {
        return new ModelDownloader(
                fixture.client(Optional.empty(), true),
                fixture.store(),
                HubFixture.SMALL_RANGES,
                disk);
    }

    private @org.jspecify.annotations.Nullable Category failure(Optional<String> token) {
        try (HubClient client = fixture.client(token, true);
                ModelDownloader downloader = new ModelDownloader(client, fixture.store())) {
            downloader.download(WHISPER);
            return null;
        } catch (RegistryException failed) {
            assertThat(failed.toString()).doesNotContain(token.orElse("no token at all"));
            return failed.category();
        }
    }

    private static java.util.function.Consumer<Throwable> is(Category category) {
        return failure -> {
            assertThat(failure).isInstanceOf(RegistryException.class);
            assertThat(((RegistryException) failure).category())
                    .as(failure.getMessage())
                    .isEqualTo(category);
        };
    }

    private static List<String> names(Path directory) throws IOException {
        if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
