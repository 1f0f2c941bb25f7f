package dev.parlo.engine.audio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.engine.EngineException.Category;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Uploads on disk: complete, limited, and gone after every outcome. */
class UploadSpoolTest {
    @TempDir Path folder;

    @Test
    void anUploadIsThereUntilClosed() throws IOException {
        byte[] bytes = new byte[200_000];
        new Random(3).nextBytes(bytes);
        Path nested = folder.resolve("made/on/demand");
        UploadSpool.Upload upload =
                new UploadSpool(nested, bytes.length).spool(new ByteArrayInputStream(bytes));
        assertThat(upload.bytes()).isEqualTo(bytes.length);
        assertThat(upload.file()).hasBinaryContent(bytes).hasParent(nested);
        upload.close();
        upload.close();
        assertThat(nested).isEmptyDirectory();
    }

    @Test
    void moreThanTheLimitIsRefusedWithoutReadingOn() {
        InputStream endless =
                new InputStream() {
                    private long given;

                    @Override
                    public int read() {
                        return 0;
                    }

                    @Override
                    public int read(byte[] buffer, int offset, int length) {
                        given += length;
                        assertThat(given).isLessThan(10_000_000);
                        return length;
                    }
                };
        Samples.refused(Category.TOO_LARGE, () -> new UploadSpool(folder, 1_000_000).spool(endless))
                .contains("1000000 bytes");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void anUploadThatBreaksOffLeavesNothing() {
        InputStream broken =
                new InputStream() {
                    @Override
                    public int read() throws IOException {
                        throw new IOException("connection reset");
                    }
                };
        Samples.refused(Category.CANCELLED, () -> new UploadSpool(folder, 1_000).spool(broken))
                .contains("connection reset");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aFullDiskIsNoSpaceWhetherWritingOrClosing() {
        UploadSpool whileWriting = new UploadSpool(folder, 1_000, file -> new FullDisk(file, true));
        UploadSpool whileClosing =
                new UploadSpool(folder, 1_000, file -> new FullDisk(file, false));
        for (UploadSpool spool : new UploadSpool[] {whileWriting, whileClosing}) {
            Samples.refused(
                            Category.NO_SPACE,
                            () -> spool.spool(new ByteArrayInputStream(new byte[100])))
                    .contains("disk space");
        }
        assertThat(folder).isEmptyDirectory();
    }

    private static final class FullDisk extends OutputStream {
        private final OutputStream file;
        private final boolean whileWriting;

        FullDisk(Path path, boolean whileWriting) throws IOException {
            this.file = Files.newOutputStream(path);
            this.whileWriting = whileWriting;
        }

        @Override
        public void write(int b) throws IOException {
            if (whileWriting) {
                throw new IOException("No space left on device");
            }
        }

        @Override
        public void close() throws IOException {
            file.close();
            if (!whileWriting) {
                throw new IOException("No space left on device");
            }
        }
    }
}
