package dev.parlo.server.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.server.ProjectFiles;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/**
 * Every seed of the fuzzer's targets, and every input that once led to a fault ({@code make fuzz}
 * makes more of them).
 */
@Timeout(180)
final class FuzzReplayTest {
    private static final Path FUZZ = ProjectFiles.root().resolve("fuzz");

    private record Target(String name, String type) {
        Method method() throws ReflectiveOperationException {
            return Class.forName(type).getMethod("fuzzerTestOneInput", byte[].class);
        }
    }

    private static List<Target> targets() throws IOException {
        return Files.readAllLines(FUZZ.resolve("targets")).stream()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.split(" "))
                .map(words -> new Target(words[0], words[1]))
                .toList();
    }

    private static List<Path> seeds(String target) throws IOException {
        try (Stream<Path> files = Files.list(FUZZ.resolve("seeds").resolve(target))) {
            return files.sorted().toList();
        }
    }

    @TestFactory
    Stream<DynamicTest> everySeedIsReadOrRefused() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (Target target : targets()) {
            tests.add(
                    DynamicTest.dynamicTest(
                            target.name(),
                            () -> {
                                for (Path seed : seeds(target.name())) {
                                    replay(target, seed);
                                }
                            }));
        }
        return tests.stream();
    }

    private static void replay(Target target, Path seed) throws Exception {
        try {
            target.method().invoke(null, (Object) Files.readAllBytes(seed));
        } catch (ReflectiveOperationException failure) {
            throw new AssertionError(target.name() + "/" + seed.getFileName(), failure.getCause());
        }
    }

    @Test
    void everyTargetOfTheSourcesIsListedAndHasSeeds() throws IOException {
        List<String> listed = targets().stream().map(Target::type).sorted().toList();
        List<String> found = new ArrayList<>();
        for (String module : List.of("registry", "engines", "server")) {
            Path sources = FUZZ.resolveSibling(module).resolve("src/test/java");
            try (Stream<Path> files = Files.walk(sources)) {
                for (Path file : files.filter(f -> f.toString().endsWith("Fuzz.java")).toList()) {
                    if (Files.readString(file).contains("void fuzzerTestOneInput(")) {
                        found.add(
                                sources.relativize(file)
                                        .toString()
                                        .replace('/', '.')
                                        .replaceFirst("\\.java$", ""));
                    }
                }
            }
        }
        assertThat(listed)
                .hasSizeGreaterThan(20)
                .containsExactlyElementsOf(found.stream().sorted().toList());
        for (Target target : targets()) {
            assertThat(seeds(target.name())).as(target.name()).isNotEmpty();
        }
    }
}
