package dev.parlo.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.server.http.Json;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One job by {@code parlo runpod --test-input}. */
@Timeout(180)
class RunPodCommandTest {
    /** Not one that goes with the test: native libraries are loaded from it by the whole VM. */
    private static final Path SHARED = Path.of("target/speak-command").toAbsolutePath();

    @TempDir Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        Map<String, String> environment = new HashMap<>();
        environment.put("HF_HUB_OFFLINE", "1");
        environment.put("HF_HUB_CACHE", folder.resolve("hub").toString());
        environment.put("PARLO_CACHE_DIR", SHARED.resolve("cache").toString());
        environment.put("PARLO_TMP_DIR", folder.resolve("tmp").toString());
        environment.put("API_KEY", "the platform has its own");
        return ParloCommand.commandLine(environment, Wiring.real())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }

    @Test
    void aJobFromAFileIsDoneAndItsResultIsAllThatIsPrinted() throws Exception {
        Path job = folder.resolve("job.json");
        Files.writeString(job, "{\"input\": {\"path\": \"/health\"}}");
        assertThat(run("runpod", "--test_input", job.toString())).as(err.toString()).isZero();
        assertThat(Json.mapper().readTree(out.toString()).at("/output/message").asString())
                .isEqualTo("OK");
    }

    @Test
    void aJobThatFailsIsStatusOneWithTheError() {
        assertThat(run("runpod", "--test-input", "{\"input\": {\"path\": \"/nothing\"}}"))
                .isEqualTo(1);
        assertThat(Json.mapper().readTree(out.toString()).at("/error/status_code").asInt())
                .isEqualTo(404);
    }

    @Test
    void whatCannotBeDoneIsOneLine() {
        assertThat(run("runpod", "--test-input", folder.resolve("none.json").toString()))
                .isEqualTo(1);
        assertThat(err.toString().lines()).hasSize(1);
        assertThat(run("runpod", "--test-input", "{}", "--serve-api")).isEqualTo(1);
        assertThat(err.toString()).contains("exclude each other");
    }
}
