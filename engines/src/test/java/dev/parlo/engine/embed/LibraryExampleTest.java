package dev.parlo.engine.embed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.engine.speech.TinySpeechModels;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import javax.sound.sampled.UnsupportedAudioFileException;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code examples/library} is compiled and run, each program in a process of its own. */
final class LibraryExampleTest {
    private static final Pattern SNIPPET = Pattern.compile("(?s)```java\n(.*?)```");
    private static final Pattern INDENT = Pattern.compile("(?m)^[ \t]+");

    @TempDir static Path classes;
    @TempDir Path folder;

    private static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(folder.resolve("examples"))) {
            folder = Objects.requireNonNull(folder.getParent(), "outside of the project");
        }
        return folder;
    }

    private static List<Path> sources() throws IOException {
        try (Stream<Path> all = Files.walk(root().resolve("examples/library/src"))) {
            return all.filter(file -> file.toString().endsWith(".java")).sorted().toList();
        }
    }

    private static String classPath() {
        // surefire starts its tests from a jar that names the others
        return System.getProperty(
                "surefire.test.class.path", System.getProperty("java.class.path"));
    }

    @BeforeAll
    static void compile() throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        List<String> warnings = new ArrayList<>();
        try (StandardJavaFileManager files =
                compiler.getStandardFileManager(null, Locale.ROOT, StandardCharsets.UTF_8)) {
            boolean compiled =
                    compiler.getTask(
                                    null,
                                    files,
                                    message -> warnings.add(message.getMessage(Locale.ROOT)),
                                    List.of(
                                            "-Xlint:all,-classfile,-path,-processing",
                                            "-proc:none",
                                            "-d",
                                            classes.toString(),
                                            "-cp",
                                            classPath()),
                                    null,
                                    files.getJavaFileObjectsFromPaths(sources()))
                            .call();
            assertThat(warnings).isEmpty();
            assertThat(compiled).isTrue();
        }
    }

    /** What a program prints. */
    private String run(String program, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("--enable-native-access=ALL-UNNAMED");
        command.add("-XX:TieredStopAtLevel=1");
        command.add("-cp");
        command.add(classes + System.getProperty("path.separator") + classPath());
        command.add("example." + program);
        command.addAll(List.of(arguments));
        Path output = folder.resolve("output");
        ProcessBuilder process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile());
        // what is unpacked and converted stays for the next run of the tests
        process.environment()
                .put("XDG_CACHE_HOME", root().resolve("engines/target/library-cache").toString());
        int ended = process.start().waitFor();
        String printed = Files.readString(output);
        assertThat(ended).as(printed).isZero();
        return printed;
    }

    @Test
    void aRecordingIsTranscribed() throws Exception {
        assertThat(
                        run(
                                "Transcribe",
                                root().resolve("models/parlo/whisper-nano.en").toString(),
                                root().resolve("samples/a-miracle.flac").toString()))
                .containsIgnoringCase("performed a miracle")
                .contains(" s of en");
    }

    @Test
    void aTextIsSpokenIntoAFileWithItsLength() throws Exception {
        Path file = folder.resolve("morning.wav");
        String printed = run("Speak", "Good morning.", file.toString());
        assertThat(seconds(file)).isBetween(0.5, 3.0);
        assertThat(printed).contains(" s in ").contains("morning.wav");
        try (Stream<Path> beside = Files.list(folder)) {
            assertThat(beside.map(path -> path.getFileName().toString()))
                    .containsExactlyInAnyOrder("morning.wav", "output");
        }
    }

    private static double seconds(Path file) throws IOException, UnsupportedAudioFileException {
        try (AudioInputStream audio = AudioSystem.getAudioInputStream(file.toFile())) {
            return audio.getFrameLength() / audio.getFormat().getFrameRate();
        }
    }

    @Test
    void speechIsTakenChunkByChunkFromAModelsFolder() throws Exception {
        Path voice = Files.createDirectory(folder.resolve("voice"));
        TinySpeechModels.piper(voice.resolve("model.onnx"), false);
        Files.writeString(
                voice.resolve("config.json"),
                """
                {"audio":{"sample_rate":16000},"espeak":{"voice":"en-us"},"phoneme_type":"text",
                 "num_speakers":1,"phoneme_id_map":{"_":[0],"^":[1],"$":[2],"a":[20],".":[10]}}
                """);
        assertThat(run("Stream", voice.toString(), "any", "aa! aa aa!"))
                .containsPattern("[0-9]+ samples\n[0-9]+ samples\n");
    }

    @Test
    void theDocumentShowsTheExamplesAsTheyAre() throws IOException {
        StringBuilder all = new StringBuilder();
        for (Path source : sources()) {
            all.append(INDENT.matcher(Files.readString(source)).replaceAll(""));
        }
        Matcher snippets = SNIPPET.matcher(Files.readString(root().resolve("docs/library.md")));
        int count = 0;
        while (snippets.find()) {
            String snippet = INDENT.matcher(snippets.group(1)).replaceAll("").strip();
            assertThat(all.toString()).contains(snippet);
            assertThat(snippet.lines().count()).isLessThan(15);
            count++;
        }
        assertThat(count).isEqualTo(3);
    }
}
