package dev.parlo.engine.whisper.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parlo.engine.EngineException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MappedFilesTest {
    @TempDir Path folder;

    private static void shorten(Path file) throws IOException {
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
            open.setLength(1);
        }
    }

    @Test
    void aFileThatIsShortenedWhereItLiesIsNoticedAndOneThatIsReplacedOrDeletedIsNot()
            throws IOException {
        Path first = Files.write(folder.resolve("first"), new byte[10]);
        Path second = Files.write(folder.resolve("second"), new byte[10]);
        Path hidden = folder.resolve("hidden");
        Files.createLink(hidden, second);
        try (MappedFiles files = new MappedFiles(List.of(first, second))) {
            files.check();
            Path other = Files.write(folder.resolve("other"), new byte[1]);
            Files.move(other, second, StandardCopyOption.REPLACE_EXISTING);
            Files.delete(first);
            Thread.currentThread().interrupt(); // by whoever stops its thread
            files.check();
            shorten(hidden);
            assertThatThrownBy(files::check)
                    .isInstanceOfSatisfying(
                            EngineException.class,
                            e ->
                                    assertThat(e.category())
                                            .isEqualTo(EngineException.Category.BAD_MODEL))
                    .hasMessageContaining("shortened");
        } finally {
            Thread.interrupted();
        }
    }
}
