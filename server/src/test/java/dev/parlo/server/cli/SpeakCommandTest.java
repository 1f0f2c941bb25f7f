package dev.parlo.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.server.http.Json;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.RandomAccessFile;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;

@Tag("locale")
final class SpeakCommandTest {
    /** Not one that goes with the test: native libraries are loaded from it by the whole VM. */
    private static final Path SHARED = Path.of("target/speak-command").toAbsolutePath();

    @TempDir Path folder;
    private StringWriter said = new StringWriter();

    @BeforeEach
    void nothingSaid() {
        said = new StringWriter();
    }

    private static Map<String, String> environment() {
        return Map.of(
                "PARLO_CACHE_DIR", SHARED.resolve("cache").toString(),
                "HF_HUB_CACHE", SHARED.resolve("hub").toString());
    }

    private int run(String... args) {
        return run(ParloCommand.commandLine(environment(), Wiring.real()), args);
    }

    private int run(CommandLine line, String... args) {
        line.setOut(new PrintWriter(said, true));
        line.setErr(new PrintWriter(said, true));
        return line.execute(args);
    }

    @Test
    void speaksIntoAFileWithSubtitles() throws Exception {
        Path wav = folder.resolve("a.wav");
        Path srt = folder.resolve("a.srt");
        int status = run("speak", "Hello", "world.", "-o", wav.toString(), "--srt", srt.toString());
        assertThat(status).as(said.toString()).isZero();
        assertThat(said.toString()).contains("Wrote " + wav);
        byte[] bytes = Files.readAllBytes(wav);
        ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(bytes.length).isGreaterThan(20_000);
        assertThat(header.getInt(4)).isEqualTo(bytes.length - 8);
        assertThat(header.getInt(40)).isEqualTo(bytes.length - 44);
        assertThat(Files.readString(srt))
                .startsWith("1\n00:00:00,000 --> 00:00:0")
                .contains("Hello", "world.");
    }

    /** {@code parlo speak -f book.txt -o - | head -c 1000}. */
    @ParameterizedTest
    @ValueSource(strings = {"wav", "mp3", "pcm"})
    void nothingMoreIsComputedWhenTheReaderHasLeft(String format) throws Exception {
        Path text =
                Files.writeString(folder.resolve("long.txt"), "One more sentence. ".repeat(400));
        AtomicInteger refused = new AtomicInteger();
        OutputStream left =
                new OutputStream() {
                    private int taken;

                    @Override
                    public void write(int one) throws IOException {
                        if (++taken > 1_000) {
                            refused.incrementAndGet();
                            throw new IOException("Broken pipe");
                        }
                    }
                };
        PrintStream usual = System.out;
        System.setOut(StandardOutput.to(left, StandardCharsets.UTF_8));
        try {
            String[] args = {"speak", "-f", text.toString(), "-o", "-", "--format", format};
            assertThat(ParloCommand.run(args, environment(), Wiring.real())).isEqualTo(141);
        } finally {
            System.setOut(usual);
        }
        // The last words of the encoder are tried, too; all of it would be a thousand writes.
        assertThat(refused.get()).isBetween(1, 20);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.mp3", "a.opus", "a.flac", "a.pcm", "a.aac"})
    void theNameSaysTheFormat(String name) throws Exception {
        Path text = Files.writeString(folder.resolve("text.txt"), "Hello from a file.\n");
        Path audio = folder.resolve(name);
        assertThat(run("speak", "-f", text.toString(), "-o", audio.toString())).isZero();
        assertThat(Files.size(audio)).isGreaterThan(4_000);
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactlyInAnyOrder(text, audio);
        }
    }

    @Test
    void aShippedNameIsSpokenByEspeakWhileItsModelIsMissing() throws Exception {
        Path wav = folder.resolve("a.wav");
        assertThat(run("speak", "Hi.", "--model", "tts-1", "-o", wav.toString())).isZero();
        assertThat(Files.size(wav)).isGreaterThan(4_000);
        assertThat(run("speak", "Hi.", "--model", "some/model", "-o", wav.toString())).isEqualTo(1);
        assertThat(said.toString()).contains("some/model", "not installed");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "speak",
                "speak Hi -f text.txt",
                "speak Hi --format tiff",
                "speak Hi -o x.tiff",
                "speak Hi --speed fast",
                "speak Hi --nonsense"
            })
    void aWrongCommandLineIsExplained(String line) {
        assertThat(run(line.split(" "))).isEqualTo(2);
        assertThat(said.toString()).contains("Try `parlo speak --help`");
    }

    @Test
    void aTextFileThatIsLongerThanAnyTextIsRefused() throws Exception {
        Path file = folder.resolve("long.txt");
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(3L << 30);
        }
        refused("is longer than 32 MiB", "-f", file.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"-", "-f -"})
    void aTextFromStandardInputIsSpoken(String from) throws Exception {
        InputStream usual = System.in;
        System.setIn(new ByteArrayInputStream("Hello.".getBytes(StandardCharsets.UTF_8)));
        try {
            Path wav = folder.resolve("piped.wav");
            String[] words = ("speak " + from + " -o " + wav).split(" ");
            assertThat(run(words)).as(said.toString()).isZero();
            assertThat(wav).isNotEmptyFile();
        } finally {
            System.setIn(usual);
        }
    }

    @Test
    void whatCannotBeDoneIsSaidInALineAndLeavesFilesAlone() throws Exception {
        Path wav = Files.writeString(folder.resolve("a.wav"), "precious");
        String out = wav.toString();
        refused("Voice 'nobody9' is not supported", "Hi", "--voice", "nobody9", "-o", out);
        refused("between 0.25 and 4", "Hi", "--speed", "9", "-o", out);
        refused("nothing to say", "  ", "-o", out);
        refused("nothing in the input", "😀", "-o", out);
        refused("There is no file", "-f", folder.resolve("none.txt").toString(), "-o", out);
        refused("it is a folder", "Hi", "-o", folder.toString(), "--format", "wav");
        refused("no such folder", "Hi", "-o", folder.resolve("no/such/a.wav").toString());
        refused("no such folder", "Hi", "-o", out, "--srt", folder.resolve("no/a.srt").toString());
        assertThat(Files.readString(wav)).isEqualTo("precious");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(wav);
        }
    }

    private void refused(String why, String... args) {
        nothingSaid();
        assertThat(run(Stream.concat(Stream.of("speak"), Stream.of(args)).toArray(String[]::new)))
                .as(said.toString())
                .isEqualTo(1);
        assertThat(said.toString().strip()).startsWith("parlo: ").contains(why).hasLineCount(1);
    }

    @Test
    void playsAloudAndWritesOnlyWhereAsked() throws Exception {
        AtomicInteger heard = new AtomicInteger();
        AtomicInteger finished = new AtomicInteger();
        SoundOutput.Opener device =
                rate ->
                        new SoundOutput() {
                            @Override
                            public void play(float[] samples) {
                                heard.addAndGet(samples.length);
                            }

                            @Override
                            public void finish() {
                                finished.incrementAndGet();
                            }

                            @Override
                            public void close() {
                                finished.addAndGet(10);
                            }
                        };
        Path wav = folder.resolve("both.wav");
        CommandLine line = SpeakCommand.commandLine(environment(), device);
        assertThat(run(line, "Hello aloud.", "--play", "-o", wav.toString())).isZero();
        assertThat(Files.size(wav)).isEqualTo(44 + 2L * heard.get());
        assertThat(finished.get()).isEqualTo(11);
    }

    @Test
    void withoutASoundDeviceThatIsSaid() {
        SoundOutput.Opener none =
                rate -> {
                    throw new CommandFailure("There is no sound device to play on.");
                };
        CommandLine line = SpeakCommand.commandLine(environment(), none);
        line.setExecutionExceptionHandler((failure, given, parsed) -> {
            said.append(failure.getMessage());
            return 1;
        });
        assertThat(run(line, "Hello.", "--play")).isEqualTo(1);
        assertThat(said.toString()).contains("no sound device");
    }

    @Test
    void listsVoicesAsJsonWhenPiped() throws Exception {
        assertThat(run("voices", "--language", "en")).isZero();
        JsonNode voices = Json.mapper().readTree(said.toString());
        assertThat(voices.findValuesAsString("id")).contains("en-us", "en-gb");
        assertThat(voices.findValuesAsString("language")).allMatch(tag -> tag.startsWith("en"));
        assertThat(run("voices", "--model", "some/model")).isEqualTo(1);
    }
}
