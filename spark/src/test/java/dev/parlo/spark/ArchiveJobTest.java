package dev.parlo.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the job says before a cluster is asked for anything. */
class ArchiveJobTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "--output o --audio a | 2 | Missing required option: '--model=PATH'",
                "--model m --output o | 1 | give --audio or --table",
                "--model m --output o --audio a --longest-piece 5 | 1 | at least 30 s",
                "--model m --output o --audio a --speaker-embedding e | 1 | or neither",
                "--model m --output o --audio a --beam-size x | 2 | 'x' is not an int",
                "--model m --output o --audio a --most-bytes 0 | 1 | must be above 0",
                "--model m --output o --wat | 2 | Unknown option: '--wat'",
            })
    void wrongArgumentsAreToldBeforeSparkBegins(String arguments, int status, String told) {
        ByteArrayOutputStream errors = new ByteArrayOutputStream();

        int ended =
                ArchiveJob.run(
                        System.out,
                        new PrintStream(errors, true, StandardCharsets.UTF_8),
                        arguments.split(" "));

        assertThat(errors.toString(StandardCharsets.UTF_8)).contains(told);
        assertThat(ended).isEqualTo(status);
    }
}
