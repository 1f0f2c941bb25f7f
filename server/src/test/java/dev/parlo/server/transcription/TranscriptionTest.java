package dev.parlo.server.transcription;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Tests of requests against one server a class, after which nothing may be left behind. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class TranscriptionTest {
    @TempDir static Path directory;
    TranscriptionServer server;

    @BeforeAll
    void start() {
        server = new TranscriptionServer(directory, Duration.ofMinutes(10));
    }

    @BeforeEach
    void reset() {
        server.engine.script.set(ScriptedEngine.HELLO);
        server.engine.multilingual.set(false);
        server.engine.asked.set(null);
    }

    @AfterEach
    void nothingIsLeftBehind() {
        Awaitility.await()
                .pollDelay(Duration.ZERO)
                .untilAsserted(() -> {
                    assertThat(server.leases).hasValue(0);
                    try (Stream<Path> files = Files.list(directory)) {
                        assertThat(files).isEmpty();
                    }
                });
    }

    @AfterAll
    void stop() {
        server.close();
    }
}
