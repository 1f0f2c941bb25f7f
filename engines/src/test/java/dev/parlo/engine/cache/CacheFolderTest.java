package dev.parlo.engine.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parlo.engine.EngineException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cache that is full, read-only, or no folder at all. */
class CacheFolderTest {
    private static final long MORE_THAN_ANY_DISK = 1L << 60;

    @TempDir Path directory;
    private Path kept = Path.of("");
    private Path temporary = Path.of("");

    @BeforeEach
    void folders() {
        kept = directory.resolve("kept");
        temporary = directory.resolve("tmp");
    }

    private static CacheFolder.Entry entry(long bytes) {
        return new CacheFolder.Entry("the libraries", "natives/x", bytes, Files::isDirectory);
    }

    private CacheFolder cache() {
        return new CacheFolder(kept, temporary);
    }

    /** As /proc: it is there, and no user, not even root, can make a file in it. */
    private static Path readOnly() {
        return Path.of("/proc/self/task");
    }

    @Test
    void whatCanBeKeptIsKept() {
        assertThat(cache().libraries(entry(1000))).isEqualTo(kept.resolve("natives/x"));
        assertThat(cache().writable("weights", MORE_THAN_ANY_DISK))
                .isEqualTo(kept.resolve("weights"));
        assertThat(temporary).doesNotExist();
    }

    @Test
    void aReadOnlyCacheIsReplacedByATemporaryFolderThatTheNextProcessFinds() throws IOException {
        CacheFolder cache = new CacheFolder(readOnly(), temporary);
        Path place = cache.libraries(entry(1000));
        assertThat(place).startsWithRaw(temporary);
        assertThat(cache.writable("weights", 1000)).startsWithRaw(temporary);
        assertThat(cache.places("weights"))
                .containsExactly(readOnly().resolve("weights"), cache.writable("weights", 1000));
        Files.createDirectories(place);
        assertThat(new CacheFolder(readOnly(), temporary).libraries(entry(MORE_THAN_ANY_DISK)))
                .isEqualTo(place);
    }

    @Test
    void whatLiesInAReadOnlyCacheIsUsedFromThere() throws IOException {
        Files.createDirectories(kept.resolve("natives/x"));
        // as good as read-only: nothing fits
        assertThat(cache().libraries(entry(MORE_THAN_ANY_DISK)))
                .isEqualTo(kept.resolve("natives/x"));
    }

    @Test
    void whatWasPreparedIsUsedFirstAndNeverCountedAsOneToDelete() throws IOException {
        Path prepared = Files.createDirectories(directory.resolve("prepared"));
        CacheFolder cache = new CacheFolder(kept, temporary, Optional.of(prepared));
        assertThat(cache.libraries(entry(1000))).isEqualTo(kept.resolve("natives/x"));
        Files.createDirectories(prepared.resolve("natives/x"));
        assertThat(cache.libraries(entry(1000))).isEqualTo(prepared.resolve("natives/x"));
        assertThat(cache.places("weights"))
                .containsExactly(prepared.resolve("weights"), kept.resolve("weights"));
        assertThat(cache.written("weights")).containsExactly(kept.resolve("weights"));
        assertThat(cache.writable("weights", 1000)).isEqualTo(kept.resolve("weights"));
    }

    @Test
    void aFileInItsPlaceIsNoCache() throws IOException {
        Files.createFile(kept);
        assertThat(cache().libraries(entry(1000))).startsWithRaw(temporary);
    }

    @Test
    void whereNeitherHasRoomTheErrorSaysWhatIsMissingAndNoPath() {
        assertThatThrownBy(() -> cache().libraries(entry(MORE_THAN_ANY_DISK)))
                .satisfies(CacheFolderTest::noSpace)
                .hasMessageContaining("the libraries")
                .hasMessageContaining("MB are free")
                .hasMessageContaining("PARLO_CACHE_DIR")
                .hasMessageNotContaining(directory.toString());
    }

    @Test
    void whereNotEvenATemporaryFolderCanBeMadeThereIsNoSpaceEither() throws IOException {
        Files.createFile(temporary);
        CacheFolder cache = new CacheFolder(readOnly(), temporary);
        assertThatThrownBy(() -> cache.libraries(entry(1000)))
                .satisfies(CacheFolderTest::noSpace)
                .hasMessageNotContaining(directory.toString());
        assertThatThrownBy(() -> cache.writable("weights", 1000))
                .satisfies(CacheFolderTest::noSpace)
                .hasMessageNotContaining(directory.toString());
    }

    private static void noSpace(Throwable failure) {
        assertThat(failure)
                .isInstanceOfSatisfying(
                        EngineException.class,
                        e -> assertThat(e.category()).isEqualTo(EngineException.Category.NO_SPACE));
    }

    @Test
    void aTemporaryFolderThatOthersMayWriteIsNotTrusted() throws IOException {
        String user = System.getProperty("user.name");
        Path planted = Files.createDirectories(temporary.resolve("parlo-cache-" + user));
        Files.setPosixFilePermissions(planted, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThat(new CacheFolder(readOnly(), temporary).libraries(entry(1000)))
                .startsWithRaw(temporary)
                .matches(place -> !place.startsWith(planted));
    }

    @Test
    void aLinkInItsPlaceIsNotTrusted() throws IOException {
        Path elsewhere = Files.createDirectories(directory.resolve("elsewhere"));
        Files.createDirectories(temporary);
        Path link = temporary.resolve("parlo-cache-" + System.getProperty("user.name"));
        Files.createSymbolicLink(link, elsewhere);
        assertThat(new CacheFolder(readOnly(), temporary).libraries(entry(1000)))
                .matches(place -> !place.startsWith(link));
    }
}
