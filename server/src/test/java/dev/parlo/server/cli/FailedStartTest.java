package dev.parlo.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Settings that cannot work: one line says which, and the exit status is 1. */
@Tag("locale")
@Timeout(180)
class FailedStartTest {
    /** Not one that goes with the test: native libraries are loaded from it by the whole VM. */
    private static final Path SHARED = Path.of("target/speak-command").toAbsolutePath();

    @TempDir Path folder;

    private String refusal(String... settings) {
        Map<String, String> environment = new HashMap<>();
        environment.put("UVICORN_HOST", "127.0.0.1");
        environment.put("UVICORN_PORT", "0");
        environment.put("HF_HUB_OFFLINE", "1");
        environment.put("HF_HUB_CACHE", folder.resolve("hub").toString());
        environment.put("PARLO_CACHE_DIR", SHARED.resolve("cache").toString());
        environment.put("PARLO_TMP_DIR", folder.resolve("tmp").toString());
        for (int i = 0; i < settings.length; i += 2) {
            environment.put(settings[i], settings[i + 1]);
        }
        StringWriter said = new StringWriter();
        int status =
                ParloCommand.commandLine(environment, Wiring.real())
                        .setErr(new PrintWriter(said, true))
                        .execute("serve");
        assertThat(status).as(said.toString()).isEqualTo(1);
        assertThat(said.toString().lines()).as(said.toString()).hasSize(1);
        assertThat(said.toString()).startsWith("parlo: ").doesNotContain("Exception");
        return said.toString();
    }

    @Test
    void aTakenPortIsOneLine() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());
            assertThat(refusal("UVICORN_PORT", port))
                    .contains("Port " + port, "is in use", "--port", "UVICORN_PORT");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "UVICORN_HOST|999.1.1.1|neither an IP address nor a name",
                "UVICORN_HOST|192.0.2.1|not an address of this machine",
                "ALLOW_ORIGINS|[1,2]|a JSON list of strings",
                "ALLOW_ORIGINS|[null]|a JSON list of strings",
                "ALLOW_ORIGINS|[\"a.org\"]|origins as browsers send them",
                "ALLOW_ORIGINS|[\"https://a.org/\"]|origins as browsers send them",
                "PRELOAD_MODELS|[1]|a JSON list of strings",
                "MODELS_PATH|/nope|a folder that is there",
                "PARLO_TMP_DIR|/dev/null|/dev/null",
                "PARLO_TMP_DIR|/proc/nope|PARLO_TMP_DIR, /proc/nope",
                "ESPEAK_LIBRARY|/nope|which is not a file",
                "MODEL_ALIASES_PATH|/dev/zero|a file, or a path where nothing is yet",
                "VOICE_ALIASES_PATH|/dev/zero|a file, or a path where nothing is yet",
                "PRONUNCIATIONS_PATH|/dev|a file, or a path where nothing is yet",
                "HF_TOKEN_PATH|/dev/zero|a file, or a path where nothing is yet",
                "HF_HUB_CACHE|/dev/null|a folder, or a path where nothing is yet",
                "WHISPER__DEVICE_INDEX|[a]|a list such as [0, 1]",
                "WHISPER__INFERENCE_DEVICE|cuda|got cuda, which cannot be used",
                "KOKORO__INFERENCE_DEVICE|cuda|The GPU natives are not installed"
            })
    void aValueThatCannotWorkIsOneLine(String name, String value, String said) {
        assertThat(refusal(name, value)).contains(name, said);
    }

    @Test
    void aValueThatAFlagDoesNotTakeIsAWrongCommandLine() {
        StringWriter said = new StringWriter();
        int status =
                ParloCommand.commandLine(Map.of(), Wiring.real())
                        .setErr(new PrintWriter(said, true))
                        .execute("serve", "--port", "abc");
        assertThat(status).isEqualTo(2);
        assertThat(said.toString()).startsWith("parlo: --port (UVICORN_PORT): got abc, ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"MODEL_ALIASES_PATH", "VOICE_ALIASES_PATH", "PRONUNCIATIONS_PATH"})
    void aFileOfAnotherShapeIsOneLine(String name) throws IOException {
        Path list = Files.writeString(folder.resolve("list.json"), "[1, 2]");
        assertThat(refusal(name, list.toString())).contains(list.toString(), "cannot be used");
        Path text = Files.writeString(folder.resolve("text.json"), "root:x:0:0");
        assertThat(refusal(name, text.toString())).contains(text.toString(), "JSON");
    }

    @Test
    void aKeyThatNoHeaderCanCarryIsOneLineThatDoesNotShowIt() {
        assertThat(refusal("API_KEY", "good,se\ncret"))
                .contains("API_KEY", "control characters")
                .doesNotContain("cret");
    }

    @Test
    void aFileThatIsNoLibraryIsOneLine() throws IOException {
        Path text = Files.writeString(folder.resolve("espeak.so"), "no library at all");
        assertThat(refusal("ESPEAK_LIBRARY", text.toString()))
                .contains(text.toString(), "not a shared library");
    }
}
