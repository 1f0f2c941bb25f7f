package dev.parlo.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.server.ProjectFiles;
import java.io.BufferedReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The log is configured with the first class that has a logger, once in a process: in one of its
 * own, whose port is taken, so that it ends by itself.
 */
@Timeout(180)
class LogOfTheStartTest {
    @TempDir Path folder;

    private List<String> lines(int port, String... settings) throws Exception {
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
                        "127.0.0.1",
                        "--port",
                        Integer.toString(port));
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
        List<String> lines;
        String port;
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = Integer.toString(taken.getLocalPort());
            lines = lines(taken.getLocalPort(), "LOG_FORMAT", "json", "LOG_LEVEL", "warning");
        }
        assertThat(lines).last().asString().startsWith("parlo: ").contains(port);
        // The machine's own lines (JAVA_TOOL_OPTIONS) may be among them.
        assertThat(lines)
                .anySatisfy(line -> assertThat(line).startsWith("{").contains("SSL_CERT_FILE"))
                .noneSatisfy(line -> assertThat(line).containsPattern("\\b(INFO|WARN) +\\w+ - "))
                .noneSatisfy(line -> assertThat(line).contains("\"INFO\""));
    }
}
