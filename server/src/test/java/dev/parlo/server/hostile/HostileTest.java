package dev.parlo.server.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A short round of {@code make hostile}: every kind of attack has its turn. */
final class HostileTest {
    @TempDir Path folder;

    @Test
    void noClientAndNoModelsFileEndsTheServer() throws Exception {
        assertThat(HostileRun.briefly(folder, Duration.ofSeconds(5), 1)).isEmpty();
    }
}
