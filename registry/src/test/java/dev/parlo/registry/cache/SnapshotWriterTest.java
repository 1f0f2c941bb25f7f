package dev.parlo.registry.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SnapshotWriterTest {
    @TempDir Path folder;

    @Test
    void aFolderThatAnotherProcessHasFilledMeanwhileGetsTheFilesAsWell() throws IOException {
        Path ours = Files.createDirectories(folder.resolve("ours"));
        Path place = Files.createDirectories(folder.resolve("place"));
        file(ours, "config.json", "ours");
        file(ours, "onnx/model.onnx", "ours");
        file(place, "config.json", "theirs");
        file(place, "vocabulary.txt", "theirs");

        SnapshotWriter.replace(ours, place);

        assertThat(place.resolve("config.json")).hasContent("ours");
        assertThat(place.resolve("onnx/model.onnx")).hasContent("ours");
        assertThat(place.resolve("vocabulary.txt")).hasContent("theirs");
        assertThat(ours).doesNotExist();
    }

    @Test
    void anEmptyFolderIsReplaced() throws IOException {
        Path ours = Files.createDirectories(folder.resolve("ours"));
        Path place = Files.createDirectories(folder.resolve("place"));
        file(ours, "onnx/model.onnx", "ours");

        SnapshotWriter.replace(ours, place);

        assertThat(place.resolve("onnx/model.onnx")).hasContent("ours");
        assertThat(ours).doesNotExist();
    }

    private static void file(Path folder, String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
