package dev.parlo.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.parlo.server.log.JsonLines;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** The log of whole runs, as JSON and with everything that is logged at any level. */
class LogSecretsTest {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

    @TempDir Path folder;

    /** Encodes on the thread that logs, as the real one does: its values are that thread's. */
    private static final class Lines extends AppenderBase<ILoggingEvent> implements AutoCloseable {
        final List<String> lines = new CopyOnWriteArrayList<>();
        private final JsonLines json = new JsonLines();
        private final Logger root =
                (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        private final Logger ours = (Logger) LoggerFactory.getLogger("dev.parlo");

        Lines() {
            start();
            root.addAppender(this);
            ours.setLevel(Level.TRACE);
        }

        @Override
        protected void append(ILoggingEvent event) {
            lines.add(new String(json.encode(event), StandardCharsets.UTF_8));
        }

        JsonNode of(String message) {
            await().until(() -> lines.stream().anyMatch(line -> line.contains(message)));
            return new ObjectMapper()
                    .readTree(
                            lines.stream()
                                    .filter(line -> line.contains(message))
                                    .findFirst()
                                    .orElseThrow());
        }

        @Override
        public void close() {
            ours.setLevel(null);
            root.detachAppender(this);
        }
    }

    @Test
    void theLogHasTheIdsOfRequestsAndNeitherTheirWordsNorKeys() throws Exception {
        byte[] file = Files.readAllBytes(ProjectFiles.root().resolve("samples/a-miracle.flac"));
        try (Lines log = new Lines()) {
            try (DoorServer server =
                    DoorServer.start(folder, "API_KEY", "sesame-key", "LOG_LEVEL", "debug")) {
                String[] headers = {
                    "Content-Type", "application/json",
                    "Authorization", "Bearer sesame-key",
                    "x-request-id", "mine-7",
                    "traceparent", "00-" + TRACE + "-b7ad6b7169203331-01"
                };
                byte[] speech =
                        "{\"model\": \"tts-1\", \"input\": \"Platypus said so.\", \"voice\": \"alloy\"}"
                                .getBytes(StandardCharsets.UTF_8);
                assertThat(server.post("/v1/audio/speech", speech, headers).statusCode())
                        .isEqualTo(200);
                // a key in the address, and one that is wrong
                assertThat(server.get("/v1/models?api_key=sesame-key").statusCode()).isPositive();
                assertThat(
                                server.get("/v1/models", "Authorization", "Bearer wrong-sesame-key")
                                        .statusCode())
                        .isEqualTo(403);
                JsonNode line = log.of("POST /v1/audio/speech");
                assertThat(line.get("request_id").asString()).isEqualTo("mine-7");
                assertThat(line.get("trace_id").asString()).isEqualTo(TRACE);
            }
            try (ListeningServer server = new ListeningServer(folder.resolve("ears"))) {
                assertThat(server.transcribe(file, "prompt", "Echidna").body()).contains("miracle");
                log.of("POST /v1/audio/transcriptions");
            }
            try (RunningServer server =
                    new RunningServer(folder.resolve("hub"), "HF_TOKEN", "hf_opensesame")) {
                server.ask("POST", "/v1/models/" + RunningServer.REMOTE);
                log.of("POST /v1/models/");
            }
            assertThat(log.lines)
                    .allSatisfy(line ->
                            assertThat(line)
                                    .doesNotContain("Platypus", "Echidna", "miracle", "sesame"));
        }
    }
}
