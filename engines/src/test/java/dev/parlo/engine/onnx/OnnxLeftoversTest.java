package dev.parlo.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxLeftoversTest {
    @TempDir private Path temporary;

    private Path folder(String name, int hoursOld) throws IOException {
        Path folder = Files.createDirectory(temporary.resolve(name));
        age(folder, hoursOld);
        return folder;
    }

    private static void age(Path folder, int hours) throws IOException {
        Files.setLastModifiedTime(folder, FileTime.from(Instant.now().minusSeconds(3600L * hours)));
    }

    @Test
    void emptyFoldersOfProcessesThatAreGoneAreRemovedAndNothingElse() throws IOException {
        Path left = folder("onnxruntime-java123", 2);
        Path young = folder("onnxruntime-java456", 0);
        Path other = folder("somebody-else", 2);
        Path used = folder("onnxruntime-java789", 2);
        Files.writeString(used.resolve("libonnxruntime.so"), "in use");
        age(used, 2);
        OnnxLeftovers.removeFrom(temporary);
        assertThat(left).doesNotExist();
        assertThat(young).exists();
        assertThat(other).exists();
        assertThat(used).isNotEmptyDirectory();
        OnnxLeftovers.removeFrom(temporary.resolve("missing"));
    }
}
