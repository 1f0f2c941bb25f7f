package dev.parlo.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.parlo.engine.cache.CacheFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("locale")
class OnnxNativesTest {
    @TempDir private Path directory;

    @Test
    void librariesAreUnpackedOnceAndMendedWhenDamaged() throws IOException {
        Optional<Path> folder = OnnxNatives.unpacked(CacheFolder.at(directory));
        assumeThat(folder)
                .as("SKIPPED: ONNX Runtime has no libraries for this platform")
                .isPresent();
        List<Path> libraries = list(folder.orElseThrow());
        assertThat(libraries).hasSize(2);
        Path library = libraries.getFirst();
        byte[] whole = Files.readAllBytes(library);
        Files.setLastModifiedTime(library, FileTime.fromMillis(1000));

        assertThat(OnnxNatives.unpacked(CacheFolder.at(directory))).isEqualTo(folder);
        assertThat(Files.getLastModifiedTime(library)).isEqualTo(FileTime.fromMillis(1000));

        byte[] damaged = whole.clone();
        damaged[damaged.length / 2] ^= 1;
        Files.write(library, damaged);
        assertThat(OnnxNatives.unpacked(CacheFolder.at(directory))).isEqualTo(folder);
        assertThat(Files.readAllBytes(library)).isEqualTo(whole);
        assertThat(list(folder.orElseThrow())).hasSize(2);
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }
}
