package dev.parlo.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The checksums of a release, signed by the programs that verify them. */
class ReleaseSignatureTest {
    @Test
    @Tag("once")
    void aReleaseIsSignedAndWhatWasChangedDoesNotVerify() throws Exception {
        Assumptions.assumeTrue(
                Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, "gpg"))),
                "gpg is installed");
        Process process =
                new ProcessBuilder(ProjectFiles.root().resolve("packaging/try-sign").toString())
                        .redirectErrorStream(true)
                        .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        assertThat(output)
                .contains("signed: SHA256SUMS.asc")
                .contains("Signatures verify, and those of changed checksums do not.");
    }
}
