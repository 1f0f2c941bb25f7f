package dev.parlo.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.engine.EngineException;
import dev.parlo.engine.TranscribeOptions;
import dev.parlo.engine.audio.AudioSource;
import dev.parlo.engine.audio.PcmAudio;
import dev.parlo.server.device.Devices;
import dev.parlo.server.transcription.ScriptedEngine;
import dev.parlo.server.transcription.TranscriptionOptions;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

@Tag("locale")
class TranscribeCommandTest {
    @TempDir Path directory;
    private final ScriptedEngine engine = new ScriptedEngine();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private Path audio = Path.of("");

    @BeforeEach
    void writeAudio() throws Exception {
        audio = Files.writeString(directory.resolve("talk.wav"), "audio");
    }

    private int run(String... args) {
        return runWith(directory.toString(), args);
    }

    private int runWith(String model, String... args) {
        Wiring wiring =
                new Wiring(
                        settings -> Devices.onCpu(),
                        (settings, devices) -> (family, files, admission, cancellation) -> engine,
                        settings -> TranscribeCommandTest::open);
        CommandLine line =
                ParloCommand.commandLine(Map.of(), wiring)
                        .setOut(new PrintWriter(out))
                        .setErr(new PrintWriter(err));
        String[] all = new String[args.length + 2];
        all[0] = "transcribe";
        all[1] = "--model=" + model;
        System.arraycopy(args, 0, all, 2, args.length);
        return line.execute(all);
    }

    private static AudioSource open(Path file, @Nullable String type) {
        if (!Files.exists(file)) {
            throw new EngineException(EngineException.Category.BAD_REQUEST, "no such file");
        }
        return new PcmAudio(new float[16]);
    }

    private TranscribeOptions asked() {
        return Objects.requireNonNull(engine.asked.get());
    }

    @Test
    void aModelFolderThatIsMissingIsCalledMissing() {
        assertThat(runWith("/nowhere/a/checkpoint", audio.toString())).isEqualTo(1);
        assertThat(err.toString())
                .startsWith("parlo: There is no folder or file /nowhere/a/checkpoint.");
    }

    @Test
    void aMissingFileIsNamedOnce() {
        Path missing = directory.resolve("missing.mp3");
        assertThat(run(missing.toString())).isEqualTo(1);
        assertThat(err.toString()).containsOnlyOnce(missing.toString());
    }

    @Test
    void anEmptyNameIsNoFolder() {
        assertThat(run("")).isEqualTo(1);
        assertThat(err.toString()).startsWith("parlo: The name of a file is empty.");
    }

    @Test
    void printsTheText() {
        assertThat(run(audio.toString())).as(err.toString()).isZero();
        assertThat(out.toString()).isEqualToIgnoringNewLines("Hello world. Good bye.\n");
        assertThat(engine.closed).isTrue();
    }

    @Test
    void writesOneFileForEachInput() throws Exception {
        Path folder = directory.resolve("made/here");
        assertThat(run("--format", "srt", "--output", folder.toString(), audio.toString()))
                .isZero();
        assertThat(folder.resolve("talk.srt")).content().startsWith("1\n00:00:00,100");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void everyOptionOfTheApiIsAFlag() {
        int status =
                run(
                        "--beam-size",
                        "2",
                        "--no-condition-on-previous-text",
                        "--word-timestamps",
                        "--temperature",
                        "0",
                        "--temperature",
                        "0.4",
                        "--suppress-tokens",
                        "-1,5",
                        "--prompt",
                        "Hi.",
                        audio.toString());
        assertThat(status).as(err.toString()).isZero();
        assertThat(asked().beamSize()).isEqualTo(2);
        assertThat(asked().conditionOnPreviousText()).isFalse();
        assertThat(asked().wordTimestamps()).isTrue();
        assertThat(asked().temperatures()).containsExactly(0.0, 0.4);
        assertThat(asked().suppressTokens()).containsExactly(-1, 5);
        assertThat(asked().initialPrompt()).isEqualTo("Hi.");
    }

    @Test
    void theHelpNamesThemAll() {
        assertThat(run("--help")).isZero();
        List<String> flags =
                TranscriptionOptions.all().stream()
                        .filter(o -> !o.requestOnly() && !o.name().equals("response_format"))
                        .map(o -> o.commandLineFlag().substring(2))
                        .toList();
        assertThat(out.toString()).contains(flags);
    }

    @Test
    void aWrongValueIsOneLineNamingTheFlag() {
        assertThat(run("--beam-size", "0", audio.toString())).isEqualTo(2);
        assertThat(err.toString())
                .isEqualToIgnoringNewLines(
                        "parlo: --beam-size must be greater than or equal to 1 (got 0)\n");
    }

    @Test
    void aWrongValueWithinAnObjectIsOneLineNamingFlagAndKey() {
        assertThat(run("--vad-parameters", "{\"threshold\": 2}", audio.toString())).isEqualTo(2);
        assertThat(err.toString())
                .startsWith("parlo: --vad-parameters threshold must be ")
                .hasLineCount(1);
    }

    @Test
    void aFileThatFailsDoesNotStopTheOthers() {
        assertThat(run(directory.resolve("none.wav").toString(), audio.toString())).isEqualTo(1);
        assertThat(out.toString()).contains("Hello world.");
        assertThat(err.toString().lines()).singleElement().asString().contains("none.wav");
    }

    @Test
    void translatingByAnEnglishModelIsRefused() {
        assertThat(run("--task", "translate", audio.toString())).isEqualTo(1);
        assertThat(err.toString()).contains("knows English only");
    }

    @Test
    void noInputOverwritesAnothersFile() throws Exception {
        Path other = Files.createDirectories(directory.resolve("other")).resolve("talk.mp3");
        Files.writeString(other, "audio");
        Path folder = directory.resolve("made");
        assertThat(run("--output", folder.toString(), audio.toString(), other.toString()))
                .isEqualTo(1);
        assertThat(err.toString()).contains("talk.txt").contains("talk.mp3");
        assertThat(folder).doesNotExist();
        assertThat(run(audio.toString(), other.toString())).isZero();
    }

    @Test
    void logProbabilitiesAreAFlagToo() {
        assertThat(run("--format", "json", "--include", "logprobs", audio.toString()))
                .as(err.toString())
                .isZero();
        assertThat(asked().tokenLogProbabilities()).isTrue();
    }
}
