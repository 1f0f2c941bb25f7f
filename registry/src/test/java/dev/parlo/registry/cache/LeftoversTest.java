package dev.parlo.registry.cache;

import static dev.parlo.registry.cache.HubFixture.WHISPER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.registry.CacheLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What processes that were killed leave in a cache. */
class LeftoversTest {
    private static final String BLOB = "a".repeat(64);

    @TempDir Path folder;
    private HubFixture fixture;
    private Path repository;

    @BeforeEach
    void download() throws IOException {
        fixture = new HubFixture(folder);
        try (ModelDownloader downloader = fixture.downloader(true)) {
            downloader.download(WHISPER);
        }
        repository = fixture.cache.resolve(WHISPER.cacheFolder());
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    @Test
    void whatWasBeingDeletedOrPutInPlaceGoesAndTheModelStays() throws IOException {
        file(fixture.cache.resolve(".deleting-1/models--a--b/blobs/x"));
        file(repository.resolve(".staging-1/0123/model.bin"));
        file(repository.resolve("refs/.main-1"));
        Path snapshot = fixture.store().require(WHISPER).directory();
        Files.createSymbolicLink(snapshot.resolve(".link-1"), Path.of("model.bin"));
        file(fixture.cache.resolve(".locks/models--gone--gone/x.lock"));
        List<String> before = everything();

        assertThat(removedAfter(Duration.ZERO)).isEqualTo(1); // the others may belong to the living
        assertThat(removedAfter(Duration.ofHours(1))).isEqualTo(4);

        assertThat(everything())
                .isEqualTo(before.stream().filter(path -> !isLeftover(path)).toList());
        assertThat(fixture.store().find(WHISPER)).isPresent();
        assertThat(removedAfter(Duration.ofHours(1))).isZero();
    }

    @Test
    void partialFilesGoWithTheirBlobDoneAndStayForTheNextDownloadOtherwise() throws IOException {
        Path blobs = repository.resolve("blobs");
        Path done = blobs.resolve(fixture.etag(WHISPER, "model.bin"));
        for (Path partial :
                List.of(
                        PartialFiles.streamed(done),
                        PartialFiles.ranged(done),
                        PartialFiles.journal(done))) {
            file(partial);
        }
        Path unfinished = PartialFiles.streamed(blobs.resolve(BLOB));
        file(unfinished);
        assertThat(removedAfter(Duration.ZERO)).isEqualTo(3);
        assertThat(done).exists();
        assertThat(unfinished).exists();
    }

    @Test
    void partialFilesThatTheLibraryNamesForOneAttemptGo() throws IOException {
        Path blobs = repository.resolve("blobs");
        Path besideDone =
                blobs.resolve(fixture.etag(WHISPER, "model.bin") + ".1a2b3c4d.incomplete");
        Path alone = blobs.resolve(BLOB + ".1a2b3c4d.incomplete");
        Path resumable = blobs.resolve(BLOB + ".incomplete");
        for (Path file : List.of(besideDone, alone, resumable)) {
            file(file);
        }
        assertThat(removedAfter(Duration.ZERO)).isEqualTo(1);
        assertThat(besideDone).doesNotExist();
        assertThat(removedAfter(Duration.ofDays(2))).isEqualTo(1);
        assertThat(alone).doesNotExist();
        assertThat(resumable).exists();
    }

    @Test
    void aPartialFileThatSomebodyWritesStays() throws IOException {
        String etag = fixture.etag(WHISPER, "model.bin");
        Path partial = PartialFiles.streamed(repository.resolve("blobs").resolve(etag));
        file(partial);
        Path lock = new CacheLayout(fixture.cache).lock(WHISPER, etag);
        Optional<FileLocking.Held> held = new FileLocking().tryAcquire(lock);
        try (FileLocking.Held writing = held.orElseThrow()) {
            assertThat(writing).isNotNull();
            assertThat(removedAfter(Duration.ofHours(1))).isZero();
        }
        assertThat(partial).exists();
    }

    @Test
    void nothingOutsideOfTheCacheIsTouched() throws IOException {
        Path outside = folder.resolve("outside");
        file(outside.resolve(".main-1"));
        file(outside.resolve("x.incomplete"));
        file(outside.resolve("x"));
        Path linked = Files.createDirectories(fixture.cache.resolve("models--a--b"));
        Files.createSymbolicLink(linked.resolve("refs"), outside);
        Files.createSymbolicLink(linked.resolve("blobs"), outside);
        Files.createSymbolicLink(fixture.cache.resolve(".deleting-2"), outside);
        Files.createSymbolicLink(fixture.cache.resolve("models--c--d"), outside);
        assertThat(removedAfter(Duration.ofHours(1))).isEqualTo(1); // the link itself
        assertThat(HubFixture.names(outside))
                .containsExactlyInAnyOrder(".main-1", "x.incomplete", "x");
    }

    private int removedAfter(Duration time) {
        InstantSource clock = () -> Instant.now().plus(time);
        return new Leftovers(new CacheLayout(fixture.cache), new FileLocking(), clock).remove();
    }

    private static boolean isLeftover(String path) {
        return Stream.of(".deleting-", ".staging-", ".main-", ".link-", "models--gone")
                .anyMatch(path::contains);
    }

    private List<String> everything() throws IOException {
        try (Stream<Path> all = Files.walk(fixture.cache)) {
            return all.map(Path::toString).sorted().toList();
        }
    }

    private static void file(Path file) throws IOException {
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        Files.writeString(file, "left");
    }
}
