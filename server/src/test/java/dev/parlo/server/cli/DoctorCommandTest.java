package dev.parlo.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.parlo.server.http.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

@Tag("locale")
@Timeout(180)
class DoctorCommandTest {
    /** Not one that goes with the test: native libraries are loaded from it by the whole VM. */
    private static final Path SHARED = Path.of("target/speak-command").toAbsolutePath();

    private final Map<String, String> environment = new HashMap<>();
    private @org.jspecify.annotations.Nullable HttpServer other;
    private int status;
    @TempDir Path folder;

    private String run(String... arguments) {
        environment.putIfAbsent("UVICORN_HOST", "127.0.0.1");
        environment.putIfAbsent("UVICORN_PORT", "0");
        environment.putIfAbsent("HF_HUB_CACHE", folder.resolve("hub").toString());
        environment.putIfAbsent("PARLO_CACHE_DIR", SHARED.resolve("cache").toString());
        environment.putIfAbsent("PARLO_TMP_DIR", folder.resolve("tmp").toString());
        StringWriter out = new StringWriter();
        String[] all = new String[arguments.length + 1];
        all[0] = "doctor";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        status =
                ParloCommand.commandLine(environment, Wiring.real())
                        .setOut(new PrintWriter(out, true))
                        .execute(all);
        return out.toString();
    }

    private JsonNode finding(String json, String name) {
        for (JsonNode section : Json.mapper().readTree(json).path("sections")) {
            for (JsonNode finding : section.path("findings")) {
                if (finding.path("name").asString().startsWith(name)) {
                    return finding;
                }
            }
        }
        throw new AssertionError("no " + name + " in " + json);
    }

    private String answering(String path, int code, String body) throws IOException {
        other = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        other.createContext(
                path,
                exchange -> {
                    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(code, bytes.length);
                    exchange.getResponseBody().write(bytes);
                    exchange.close();
                });
        other.start();
        return Integer.toString(other.getAddress().getPort());
    }

    @AfterEach
    void stop() {
        if (other != null) {
            other.stop(0);
        }
    }

    @Test
    void aMachineOnWhichAllWorksIsToldInTextWithStatusZero() {
        String text = run();
        assertThat(status).as(text).isZero();
        assertThat(text)
                .contains(
                        "Java ",
                        "ONNX Runtime 1.",
                        "FFmpeg ",
                        "GPU natives",
                        "computed on cpu",
                        "can be written",
                        "Kokoro's dictionaries",
                        "free",
                        "--network asks it",
                        "Everything works.");
    }

    @Test
    void aGpuThatIsAskedForAndCannotBeUsedIsAProblem() {
        environment.put("WHISPER__INFERENCE_DEVICE", "cuda");
        environment.put("PARLO_GPU_NATIVES", folder.resolve("none").toString());
        JsonNode devices = finding(run("--json"), "devices");
        assertThat(status).isEqualTo(1);
        assertThat(devices.path("verdict").asString()).isEqualTo("problem");
        assertThat(devices.path("advice").asString())
                .contains("WHISPER__INFERENCE_DEVICE: got cuda");
    }

    @Test
    void settingsThatCannotBeReadAreToldLineByLine() {
        environment.put("UVICORN_PORT", "many");
        environment.put("LOG_LEVEL", "loud");
        JsonNode report = Json.mapper().readTree(run("--json"));
        assertThat(status).isEqualTo(1);
        assertThat(report.at("/sections/0/findings")).hasSize(2);
        assertThat(report.path("ok").asBoolean()).isFalse();
    }

    @Test
    void foldersThatCannotBeUsedAreToldWithTheirSettings() throws IOException {
        environment.put("PARLO_TMP_DIR", "/proc/nope");
        environment.put("HF_HUB_CACHE", "/proc/hub");
        environment.put("MODELS_PATH", folder.resolve("nope").toString());
        Path empty = Files.createDirectory(folder.resolve("empty"));
        environment.put("KOKORO_LEXICONS_PATH", empty.toString());
        String json = run("--json");
        assertThat(status).isEqualTo(1);
        assertThat(finding(json, "temporary files").path("verdict").asString())
                .isEqualTo("problem");
        assertThat(finding(json, "temporary files").path("advice").asString())
                .contains("PARLO_TMP_DIR");
        assertThat(finding(json, "downloaded models").path("verdict").asString()).isEqualTo("note");
        assertThat(finding(json, "local models").path("advice").asString()).contains("MODELS_PATH");
        assertThat(finding(json, "Kokoro's dictionaries").path("value").asString())
                .contains("has none of the dictionaries");
    }

    @Test
    void dictionariesAreCounted() throws IOException {
        Files.writeString(folder.resolve("us_gold.json"), "{\"a\": \"ɐ\", \"b\": \"bˈi\"}");
        environment.put("KOKORO_LEXICONS_PATH", folder.toString());
        assertThat(finding(run("--json"), "Kokoro's dictionaries").path("value").asString())
                .contains("us_gold.json", "2 American and 0 British words");
        assertThat(status).isZero();
    }

    @Tag("once")
    @Test
    void aPortThatSomethingElseHasIsAProblemAndOneThatParloHasIsNot() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            environment.put("UVICORN_PORT", Integer.toString(taken.getLocalPort()));
            assertThat(finding(run("--json"), "port").path("advice").asString())
                    .contains("is in use");
            assertThat(status).isEqualTo(1);
        }
        environment.put("UVICORN_PORT", answering("/health", 200, "{\"message\":\"OK\"}"));
        assertThat(finding(run("--json"), "port").path("value").asString())
                .isEqualTo("a server answers there as Parlo does");
        assertThat(status).isZero();
    }

    @Test
    void theHubIsAskedWithNetworkOnly() throws IOException {
        environment.put("HF_ENDPOINT", "http://127.0.0.1:9");
        assertThat(finding(run("--json"), "Hub").path("verdict").asString()).isEqualTo("ok");
        assertThat(finding(run("--json", "--network"), "Hub").path("value").asString())
                .contains("cannot be reached");
        assertThat(status).isEqualTo(1);
        environment.put("HF_ENDPOINT", "http://127.0.0.1:" + answering("/api/models", 200, "[]"));
        assertThat(finding(run("--json", "--network"), "Hub").path("value").asString())
                .contains("answers 200");
        assertThat(status).isZero();
    }
}
