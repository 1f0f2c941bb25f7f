package dev.parlo.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class SpeakCommandTest {
    @TempDir Path folder;

    private int run(StringWriter out, String... args) {
        Map<String, String> environment =
                Map.of(
                        "PARLO_CACHE_DIR", folder.resolve("cache").toString(),
                        "HF_HUB_CACHE", folder.resolve("hub").toString());
        CommandLine line = ParloCommand.commandLine(environment, Wiring.real());
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(out, true));
        return line.execute(args);
    }

    @Test
    void speaksIntoAFileWithSubtitles() throws Exception {
        Path wav = folder.resolve("a.wav");
        Path srt = folder.resolve("a.srt");
        StringWriter out = new StringWriter();
        int status =
                run(out, "speak", "Hello", "world.", "-o", wav.toString(), "--srt", srt.toString());
        assertThat(status).as(out.toString()).isZero();
        assertThat(Files.size(wav)).isGreaterThan(20_000);
        assertThat(Files.readString(srt))
                .startsWith("1\n00:00:00,000 --> 00:00:0")
                .contains("Hello", "world.");
    }

    @Test
    void listsVoicesAndRefusesUnknownOnes() {
        StringWriter out = new StringWriter();
        assertThat(run(out, "voices")).isZero();
        assertThat(out.toString()).contains("en-us\ten-us\tEnglish");
        StringWriter err = new StringWriter();
        assertThat(
                        run(
                                err,
                                "speak",
                                "Hi",
                                "--voice",
                                "nobody9",
                                "-o",
                                folder.resolve("b.wav").toString()))
                .isEqualTo(1);
        assertThat(err.toString()).contains("Voice 'nobody9' is not supported");
        assertThat(run(err, "speak", "Hi", "-o", "x.tiff")).isEqualTo(2);
        assertThat(run(err, "speak")).isEqualTo(2);
    }
}
