package dev.parlo.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.server.ProjectFiles;
import java.io.BufferedReader;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The log is configured with the first class that has a logger, once in a process: in one of its
 * own, whose address is not of this machine, so that it ends by itself.
 */
@Timeout(180)
class LogOfTheStartTest {
    @TempDir Path folder;

    private List<String> lines(String... settings) throws Exception {
        ProcessBuilder builder =
                new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "-Dparlo.home=" + ProjectFiles.root(),
                        "-Dlogback.configurationFile=logback.xml", // not that of the tests
                        "-cp",
                        System.getProperty("java.class.path"),
                        "dev.parlo.server.Main",
                        "serve",
                        "--host",
                        "192.0.2.1");
        builder.environment().put("HF_HUB_OFFLINE", "1");
        builder.environment().put("HF_HUB_CACHE", folder.resolve("hub").toString());
        builder.environment().put("PARLO_CACHE_DIR", folder.resolve("cache").toString());
        builder.environment().put("PARLO_TMP_DIR", folder.resolve("tmp").toString());
        // Read with the settings, and told in the log.
        builder.environment().put("SSL_CERT_FILE", folder.resolve("none.pem").toString());
        for (int i = 0; i < settings.length; i += 2) {
            builder.environment().put(settings[i], settings[i + 1]);
        }
        Process process = builder.redirectErrorStream(true).start();
        try (BufferedReader output = process.inputReader()) {
            return output.lines().toList();
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void everyLineOfTheStartIsInTheFormatAndOfTheLevelThatWereAskedFor() throws Exception {
        List<String> lines = lines("LOG_FORMAT", "json", "LOG_LEVEL", "warning");
        assertThat(lines).last().asString().startsWith("parlo: ").contains("192.0.2.1");
        assertThat(lines.subList(0, lines.size() - 1))
                .isNotEmpty()
                .allSatisfy(line -> assertThat(line).startsWith("{").endsWith("}"))
                .anySatisfy(line -> assertThat(line).contains("SSL_CERT_FILE"))
                .noneSatisfy(line -> assertThat(line).contains("\"INFO\""));
    }
}
