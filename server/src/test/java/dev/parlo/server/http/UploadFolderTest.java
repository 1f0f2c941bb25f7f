package dev.parlo.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UploadFolderTest {
    @TempDir Path parent;

    /** Keeps a folder open until it is killed. */
    static final class Holder {
        private Holder() {}

        public static void main(String[] arguments) throws IOException {
            Path path = UploadFolder.open(Path.of(arguments[0])).path();
            Files.writeString(path.resolve("upload-1.audio"), "private");
            System.out.println(path);
            System.in.read();
        }
    }

    private Process holder() throws IOException {
        return new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Holder.class.getName(),
                        parent.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    @Test
    void uploadsOfAKilledProcessGoAndThoseOfALivingOneStay() throws Exception {
        Process other = holder();
        try (var lines = other.inputReader()) {
            Path folder = Path.of(lines.readLine());
            try (UploadFolder mine = UploadFolder.open(parent)) {
                assertThat(folder.resolve("upload-1.audio")).exists();
                assertThat(mine.path()).isNotEqualTo(folder);
            }
            other.destroyForcibly().waitFor();
            assertThat(folder.resolve("upload-1.audio")).exists();
            UploadFolder.open(parent).close();
            assertThat(folder).doesNotExist();
        } finally {
            other.destroyForcibly();
        }
    }

    @Test
    void twoFoldersOfOneProcessDoNotTouchEachOther() throws IOException {
        try (UploadFolder one = UploadFolder.open(parent)) {
            Path upload = Files.writeString(one.path().resolve("upload-1.audio"), "here");
            try (UploadFolder other = UploadFolder.open(parent)) {
                assertThat(upload).exists();
                assertThat(other.path()).isNotEqualTo(one.path());
            }
            assertThat(upload).exists();
        }
        assertThat(parent).isEmptyDirectory();
    }

    @Test
    void whatIsInterruptedHalfWayLeavesNothing() {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> UploadFolder.open(parent))
                .isInstanceOf(UncheckedIOException.class);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(parent).isEmptyDirectory();
    }

    @Test
    void strangersFoldersAndLinksAreLeftAlone() throws IOException {
        Path precious = Files.createDirectory(parent.resolve("precious"));
        Files.writeString(precious.resolve("in-use"), "");
        Files.writeString(precious.resolve("file"), "keep");
        Path link = Files.createSymbolicLink(parent.resolve("parlo-uploads-1-link"), precious);
        Path unlocked = Files.createDirectory(parent.resolve("parlo-uploads-1-new"));
        UploadFolder.open(parent).close();
        assertThat(precious.resolve("file")).exists();
        assertThat(link).exists();
        assertThat(unlocked).exists();
    }
}
