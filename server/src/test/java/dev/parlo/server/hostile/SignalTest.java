package dev.parlo.server.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.server.ProjectFiles;
import dev.parlo.server.http.RawConnection;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** SIGTERM to the real program in a process of its own: how it ends and what it leaves. */
@Timeout(180)
final class SignalTest {
    /** Half an hour of speech, so that it is far from done when the signal comes. */
    private static final int REPETITIONS = 300;

    private static final String HEAD =
            "POST /v1/audio/transcriptions HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type:"
                    + " multipart/form-data; boundary=b\r\n";

    /** Libraries that other tests have unpacked already are not unpacked again. */
    private static final Map<String, String> IMPATIENT =
            Map.of(
                    "SHUTDOWN_TIMEOUT",
                    "0",
                    "PARLO_CACHE_DIR",
                    Path.of("target/speak-command/cache").toAbsolutePath().toString());

    @TempDir Path folder;

    private static byte[] form(Path sample) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        String fields =
                "--b\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\n"
                        + "parlo/whisper-nano.en\r\n"
                        + "--b\r\nContent-Disposition: form-data; name=\"stream\"\r\n\r\ntrue\r\n"
                        + "--b\r\nContent-Disposition: form-data; name=\"beam_size\"\r\n\r\n10\r\n"
                        + "--b\r\nContent-Disposition: form-data; name=\"file\";"
                        + " filename=\"a.flac\"\r\n\r\n";
        body.write(fields.getBytes(StandardCharsets.US_ASCII));
        byte[] audio = Files.readAllBytes(sample);
        for (int i = 0; i < REPETITIONS; i++) {
            body.write(audio);
        }
        body.write("\r\n--b--\r\n".getBytes(StandardCharsets.US_ASCII));
        return body.toByteArray();
    }

    private Set<Path> temporaryFiles() throws IOException {
        try (Stream<Path> files = Files.walk(StartedServer.temporary(folder))) {
            return files.filter(Files::isRegularFile).collect(Collectors.toSet());
        } catch (UncheckedIOException gone) { // a file that was there a moment before
            return Set.of();
        }
    }

    private void nothingIsLeft() throws IOException {
        try (Stream<Path> files = Files.walk(StartedServer.temporary(folder))) {
            assertThat(files.skip(1).filter(file -> file.toString().contains("uploads"))).isEmpty();
        }
        assertThat(Files.readString(StartedServer.log(folder)))
                .doesNotContain("Exception")
                .doesNotContain("\tat ");
    }

    @Test
    void aSignalWhileItTranscribesEndsTheStreamTheProcessAndItsFiles() throws Exception {
        Path home = ProjectFiles.root();
        try (StartedServer server = new StartedServer(folder, home, IMPATIENT);
                RawConnection client = new RawConnection(server.target().port())) {
            byte[] form = form(home.resolve("samples/the-scientists.flac"));
            client.send(HEAD + "Content-Length: " + form.length + "\r\n\r\n");
            client.send(form).readUntil("transcript.text.delta");
            Set<Path> before = temporaryFiles();
            // Opened now: a connection on which nothing comes is closed after a while.
            try (RawConnection sender = new RawConnection(server.target().port())) {
                sender.send(HEAD + "Content-Length: " + form.length + "\r\n\r\n");
                sender.send(
                        "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\""
                                + "\r\n\r\nRIFF");
                Awaitility.await()
                        .pollInterval(Duration.ofMillis(5))
                        .until(() -> !before.containsAll(temporaryFiles()));
                assertThat(server.stop()).isZero();
                assertThat(client.readAll())
                        .contains("\"code\":\"stopping\"")
                        .endsWith("0\r\n\r\n");
                assertThat(sender.readAll()).startsWith("HTTP/1.1 503 ");
            }
        }
        nothingIsLeft();
        assertThat(Files.readString(StartedServer.log(folder)).strip()).endsWith("Stopped.");
    }

    @Test
    void aSignalDuringTheStartEndsTheProcessAndItsFiles() throws Exception {
        Process process = StartedServer.launch(folder, ProjectFiles.root(), IMPATIENT);
        try {
            // From here on much is open already, and native libraries are loaded one by one.
            Awaitility.await()
                    .atMost(Duration.ofSeconds(120))
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> {
                        try (Stream<Path> made = Files.list(StartedServer.temporary(folder))) {
                            return made.findAny().isPresent() || !process.isAlive();
                        }
                    });
            assertThat(StartedServer.stop(process)).isZero();
        } finally {
            process.destroyForcibly();
        }
        nothingIsLeft();
    }
}
