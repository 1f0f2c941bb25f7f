package dev.parlo.engine.whisper.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parlo.engine.EngineException;
import dev.parlo.engine.cache.CacheFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("locale")
class WeightCacheTest {
    @TempDir Path directory;

    private final AtomicInteger conversions = new AtomicInteger();
    private Path checkpoint = Path.of("");
    private Path root = Path.of("");

    @BeforeEach
    void writeCheckpoint() throws IOException {
        root = directory.resolve("cache/weights");
        checkpoint = Files.createDirectories(directory.resolve("owner/model"));
        Files.write(checkpoint.resolve("model.bin"), new byte[] {1, 2, 3});
        Files.writeString(checkpoint.resolve("config.json"), "{}");
    }

    private Path convert(String label) {
        return new WeightCache(CacheFolder.at(directory.resolve("cache")))
                .entry(
                        checkpoint,
                        label,
                        10,
                        entry -> {
                            conversions.incrementAndGet();
                            Files.writeString(entry.resolve("weights"), label);
                        });
    }

    @Test
    void convertsOnceAndFindsItAgain() throws IOException {
        Path first = convert("int8");
        assertThat(convert("int8")).isEqualTo(first);
        assertThat(conversions).hasValue(1);
        assertThat(first.resolve("weights")).hasContent("int8");
        assertThat(names()).hasSize(1);
    }

    @Test
    void anEntryThatIsNotAsItWasWrittenIsConvertedAnew() throws IOException {
        Path entry = convert("int8");
        for (String file : new String[] {"weights", "source.txt", "files.txt"}) {
            assertThat(Files.getPosixFilePermissions(entry.resolve(file)))
                    .noneMatch(right -> right.name().endsWith("WRITE"));
        }
        Files.delete(entry.resolve("weights")); // a superuser could also shorten it where it lies
        Files.writeString(entry.resolve("weights"), "i");
        convert("int8");
        assertThat(entry.resolve("weights")).hasContent("int8");
        Files.delete(entry.resolve("weights"));
        convert("int8");
        Files.delete(entry.resolve("files.txt"));
        convert("int8");
        assertThat(conversions).hasValue(4);
    }

    @Test
    void anotherLabelContentOrConfigIsAnotherEntry() throws IOException {
        Path first = convert("int8");
        assertThat(convert("float32")).isNotEqualTo(first);
        Files.writeString(checkpoint.resolve("config.json"), "{\"alignment_heads\": [[1, 1]]}");
        assertThat(convert("int8")).isNotEqualTo(first);
        Files.write(checkpoint.resolve("model.bin"), new byte[] {1, 2, 4});
        convert("int8");
        assertThat(conversions).hasValue(4);
    }

    @Test
    void aFailedConversionLeavesNothingBehind() throws IOException {
        WeightCache cache = new WeightCache(CacheFolder.at(directory.resolve("cache")));
        assertThatThrownBy(() ->
                        cache.entry(
                                checkpoint,
                                "int8",
                                10,
                                entry -> {
                                    Files.writeString(entry.resolve("weights"), "half");
                                    throw new IOException("disk is full");
                                }))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("disk is full")
                .hasMessageContaining("PARLO_CACHE_DIR");
        assertThat(names()).isEmpty();
    }

    @Test
    void whatAKilledConversionLeftGoesWithTheNext() throws IOException {
        Path entry = convert("int8");
        Path killed = Files.createDirectory(Path.of(entry + ".part-123"));
        Files.writeString(killed.resolve("weights"), "half");
        Path others = Files.createDirectory(root.resolve("other-int8-00.part-1"));
        Files.delete(entry.resolve("weights"));
        Files.delete(entry.resolve("source.txt"));
        Files.delete(entry.resolve("files.txt"));
        Files.delete(entry);
        convert("int8");
        assertThat(killed).doesNotExist();
        assertThat(others).exists(); // another process may be at it
    }

    @Test
    void aDiskWithoutRoomIsNoticedBeforeAnythingIsWritten() throws IOException {
        WeightCache cache = new WeightCache(CacheFolder.at(directory.resolve("cache")));
        assertThatThrownBy(() ->
                        cache.entry(
                                checkpoint,
                                "int8",
                                Long.MAX_VALUE / 2,
                                entry -> {
                                    throw new AssertionError("converted without room");
                                }))
                .isInstanceOfSatisfying(
                        EngineException.class,
                        e -> {
                            assertThat(e.category()).isEqualTo(EngineException.Category.NO_SPACE);
                            assertThat(e.getMessage()).doesNotContain(directory.toString());
                        });
        assertThat(names()).isEmpty();
    }

    @Test
    void whereTheCacheIsReadOnlyWeightsAreConvertedInATemporaryFolderOnce() {
        Path readOnly = Path.of("/proc/self/task");
        CacheFolder folders = new CacheFolder(readOnly, directory.resolve("tmp"));
        for (int i = 0; i < 2; i++) {
            Path entry =
                    new WeightCache(folders)
                            .entry(
                                    checkpoint,
                                    "int8",
                                    10,
                                    part -> {
                                        conversions.incrementAndGet();
                                        Files.writeString(part.resolve("weights"), "int8");
                                    });
            assertThat(entry).startsWith(directory.resolve("tmp"));
        }
        assertThat(conversions).hasValue(1);
    }

    @Test
    void concurrentCallersConvertOnce() throws Exception {
        try (ExecutorService callers = Executors.newFixedThreadPool(4)) {
            Callable<Path> call = () -> convert("int8");
            for (Future<Path> entry : callers.invokeAll(List.of(call, call, call, call))) {
                assertThat(entry.get().resolve("weights")).exists();
            }
        }
        assertThat(conversions).hasValue(1);
    }

    @Test
    void entriesGoWithTheirModelAndNobodyElses() throws IOException {
        Path mine = convert("int8");
        Path other = Files.createDirectories(directory.resolve("owner/other"));
        Files.write(other.resolve("model.bin"), new byte[] {9});
        Files.writeString(other.resolve("config.json"), "{}");
        WeightCache cache = new WeightCache(CacheFolder.at(directory.resolve("cache")));
        Path kept =
                cache.entry(
                        other,
                        "int8",
                        1,
                        entry -> Files.writeString(entry.resolve("weights"), "x"));
        cache.remove(checkpoint);
        assertThat(mine).doesNotExist();
        assertThat(kept).exists();
        Files.delete(other.resolve("model.bin"));
        Files.delete(other.resolve("config.json"));
        Files.delete(other);
        cache.removeOrphans();
        assertThat(kept).doesNotExist();
    }

    private List<Path> names() throws IOException {
        if (!Files.exists(root)) {
            return List.of();
        }
        try (Stream<Path> list = Files.list(root)) {
            return list.filter(path -> !path.endsWith(".locks")).toList();
        }
    }
}
