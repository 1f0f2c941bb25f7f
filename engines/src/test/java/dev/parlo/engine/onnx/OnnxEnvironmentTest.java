package dev.parlo.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxEnvironmentTest {
    /** Started by the test in a process of its own. */
    static final class Program {
        public static void main(String[] arguments) {
            OnnxEnvironment.get();
            System.exit(17);
        }
    }

    @TempDir private Path home;

    @Test
    void aCommandLineOfManyFilesDoesNotEndTheProcess() throws Exception {
        run(Collections.nCopies(1500, "/a/folder/of/recordings/one-of-many-files.flac"));
    }

    @Test
    void nothingIsReportedAndNoDeviceIdKept() throws Exception {
        run(List.of());
        try (Stream<Path> left = Files.walk(home)) {
            // ONNX Runtime's own unpacked libraries are deleted when a process ends by itself.
            assertThat(left.filter(Files::isRegularFile)).isEmpty();
        }
    }

    private void run(List<String> arguments) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("--enable-native-access=ALL-UNNAMED");
        command.add("-XX:-UsePerfData");
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(Program.class.getName());
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("ORT_"));
        for (String folder : List.of("HOME", "XDG_CACHE_HOME", "TMPDIR")) {
            builder.environment().put(folder, home.toString());
        }
        Process process = builder.start();
        String said =
                new String(
                        process.getInputStream().readAllBytes(),
                        java.nio.charset.StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(said).isEqualTo(17);
    }
}
