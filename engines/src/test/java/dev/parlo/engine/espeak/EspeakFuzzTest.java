package dev.parlo.engine.espeak;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A text that ends libespeak-ng ends a process of its own, which is a failing test. */
final class EspeakFuzzTest {
    @TempDir Path folder;

    @Test
    void noTextAndNoPhonemesOfAClientEndTheProcess() throws Exception {
        Path atHand = folder.resolve("at-hand.txt");
        Path output = folder.resolve("output.txt");
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "-XX:-CreateCoredumpOnCrash",
                                "-XX:ErrorFile=" + folder.resolve("hs_err.log"),
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                System.getProperty("java.class.path"),
                                EspeakFuzz.class.getName(),
                                folder.toString(),
                                atHand.toString(),
                                "20261127",
                                "250")
                        .redirectErrorStream(true)
                        .redirectOutput(new File(output.toString()))
                        .start();
        if (!process.waitFor(4, TimeUnit.MINUTES)) {
            process.destroyForcibly();
        }
        String said = Files.readString(output);
        assertThat(process.waitFor())
                .as(
                        "%s%nafter%n%s",
                        said,
                        Files.exists(atHand)
                                ? Files.readString(atHand, StandardCharsets.UTF_16)
                                : "nothing")
                .isZero();
        assertThat(said).contains("survived");
    }
}
