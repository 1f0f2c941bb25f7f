package dev.parlo.engine.whisper.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parlo.engine.EngineException;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files whose variables agree with each other but make a network that cannot be run. */
@Tag("locale")
class ShapeCheckTest {
    @TempDir private Path directory;

    @Test
    void aWholeCheckpointPasses() throws IOException {
        WhisperShape shape = new WhisperShape(64, 1, 1, 1, 1560, 80, 256, 448);
        try (Checkpoint checkpoint = open(shape)) {
            assertThat(checkpoint.shape()).isEqualTo(shape);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0, 1560, 80, 0, 448, heads",
        "64, 2, 1560, 80, 256, 448, heads",
        "64, 1, 1501, 80, 256, 448, timestamps",
        "64, 1, 1560, 81, 256, 448, mel bands",
        "64, 1, 1560, 80, 250, 448, feed-forward",
        "64, 1, 1560, 80, 256, 449, decoder positions",
        "64, 1, 1560, 80, 256, 16, decoder positions"
    })
    void sizesThatTheEngineCannotRunAreRefused(
            int width, int heads, int tokens, int bands, int inner, int positions, String words) {
        WhisperShape shape = new WhisperShape(width, heads, 1, 1, tokens, bands, inner, positions);
        assertThatThrownBy(() -> open(shape).close())
                .isInstanceOfSatisfying(
                        EngineException.class,
                        e -> assertThat(e.category()).isEqualTo(EngineException.Category.BAD_MODEL))
                .hasMessageContaining(words);
    }

    @Test
    void headsThatAFileRepeatsAThousandTimesCountOnce() throws IOException {
        WhisperShape shape = new WhisperShape(64, 1, 1, 1, 1560, 80, 256, 448);
        String heads = "[0,0],".repeat(99_999) + "[0,0]";
        CheckpointWriter.random(shape, DataType.FLOAT32, 3).write(directory, "[" + heads + "]");
        try (Checkpoint checkpoint = Checkpoint.open(directory)) {
            assertThat(checkpoint.config().alignmentHeads(shape)).hasSize(1);
        }
    }

    private Checkpoint open(WhisperShape shape) throws IOException {
        CheckpointWriter.random(shape, DataType.FLOAT32, 3).write(directory, "[[0, 0]]");
        return Checkpoint.open(directory);
    }
}
