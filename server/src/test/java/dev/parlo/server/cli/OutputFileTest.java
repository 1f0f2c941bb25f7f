package dev.parlo.server.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of commands on a disk that fills while they are written. */
final class OutputFileTest {
    @TempDir Path folder;

    /** A disk with room for so many bytes. */
    private static final class Disk extends OutputStream {
        private final OutputStream file;
        private int room;

        Disk(Path file, int room) throws IOException {
            this.file = Files.newOutputStream(file);
            this.room = room;
        }

        @Override
        public void write(int b) throws IOException {
            if (room-- <= 0) {
                throw new IOException("No space left on device");
            }
            file.write(b);
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }

    @Test
    void ofAFileThatFindsNoRoomNothingIsLeftAndTheFormerOneStays() throws IOException {
        Path target = Files.writeString(folder.resolve("talk.txt"), "what was said before");
        Path part = folder.resolve(".talk.txt.1");
        OutputStream out = new BufferedOutputStream(new Disk(part, 3));
        assertThatThrownBy(
                        () -> {
                            try (OutputFile file =
                                    new OutputFile("talk.txt", out, true, part, target)) {
                                file.stream().write(new byte[100]);
                                file.complete(0);
                            }
                        })
                .hasMessageContaining("No space left");
        assertThat(folder).isDirectoryContaining(target::equals);
        assertThat(part).doesNotExist();
        assertThat(target).hasContent("what was said before");
    }

    @Test
    void aTextIsWrittenWholeOrTheReasonIsSaid() {
        Path file = folder.resolve("talk.srt");
        OutputFile.write(file.toString(), "Ein Hörtext");
        assertThat(file).hasContent("Ein Hörtext");
        assertThatExceptionOfType(CommandFailure.class)
                .isThrownBy(() -> OutputFile.write("/dev/full", "a text"))
                .withMessageContaining("/dev/full")
                .withMessageContaining("No space left");
    }
}
