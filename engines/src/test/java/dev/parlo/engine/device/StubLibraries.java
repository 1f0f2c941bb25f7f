package dev.parlo.engine.device;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Compiles libraries that stand for the driver; where there is no compiler a test is skipped. */
final class StubLibraries {
    private final Path folder;

    StubLibraries(Path folder) {
        this.folder = folder;
    }

    static boolean canBeMade() {
        for (String path : System.getenv().getOrDefault("PATH", "").split(":", -1)) {
            if (Files.isExecutable(Path.of(path, "cc"))) {
                return true;
            }
        }
        return false;
    }

    /** A library of C functions, each as {@code int name(arguments) { body }}. */
    void compile(String name, String... functions) throws IOException, InterruptedException {
        Path source = Files.writeString(folder.resolve(name + ".c"), String.join("\n", functions));
        List<String> command =
                List.of(
                        "cc",
                        "-shared",
                        "-fPIC",
                        "-w",
                        "-o",
                        folder.resolve(name).toString(),
                        source.toString(),
                        "-Wl,-soname," + name);
        Process compiler = new ProcessBuilder(command).inheritIO().start();
        if (compiler.waitFor() != 0) {
            throw new IOException("cc fails");
        }
    }

    /** A program of Java that finds them. */
    ProcessBuilder java(Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(System.getProperty("java.home") + "/bin/java");
        command.add("--enable-native-access=ALL-UNNAMED");
        command.add("-XX:TieredStopAtLevel=1");
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(main.getName());
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("LD_LIBRARY_PATH", folder.toString());
        return builder;
    }
}
