package dev.parlo.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GuardedWorkTest {
    @TempDir Path folder;
    private Checkpoint checkpoint;

    @BeforeEach
    void begin() throws IOException {
        checkpoint = new Checkpoint(folder.toString(), new Configuration());
        checkpoint.begin(ArchiveOptions.builder("/model").build());
    }

    @Test
    void whatEndedTwoProcessesIsNotTriedOnceMore() throws IOException {
        checkpoint.mark("fatal"); // and the process ended
        assertThat(new GuardedWork(checkpoint, 2).run("fatal", () -> "read")).contains("read");
        checkpoint.mark("fatal");

        checkpoint.mark("other");

        assertThat(new GuardedWork(checkpoint, 3).run("fatal", () -> "read")).isEmpty();
        assertThat(new GuardedWork(checkpoint, 3).run("other", () -> "read")).contains("read");
    }

    @Test
    void whatFailsInJavaLeavesNoMark() throws IOException {
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() ->
                            new GuardedWork(checkpoint, 1)
                                    .run(
                                            "key",
                                            () -> {
                                                throw new IOException("full");
                                            }))
                    .hasMessage("full");
        }

        assertThat(checkpoint.marks("key")).isZero();
    }
}
