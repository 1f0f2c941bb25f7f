package dev.parlo.engine.whisper.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.ComputeType;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.cache.CacheFolder;
import dev.parlo.engine.whisper.SharedFiles;
import dev.parlo.engine.whisper.checkpoint.Checkpoint;
import dev.parlo.engine.whisper.checkpoint.WeightCache;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Converting a checkpoint's weights, which happens once. */
class ConversionTest {
    @TempDir Path root;

    @Test
    void aCancelledConversionEndsAndLeavesNothing() throws IOException {
        Cancellation cancelled = new Cancellation();
        cancelled.cancel();
        assertThatThrownBy(() -> convert(cancelled))
                .isInstanceOfSatisfying(
                        EngineException.class,
                        e ->
                                assertThat(e.category())
                                        .isEqualTo(EngineException.Category.CANCELLED));
        assertThat(entries()).isEmpty();

        ConvertedModel converted = convert(new Cancellation());
        assertThat(converted.encoder()).isRegularFile();
        assertThat(entries()).hasSize(1);
    }

    private ConvertedModel convert(Cancellation cancellation) {
        try (Checkpoint checkpoint = Checkpoint.open(SharedFiles.builtInModel())) {
            return ConvertedModel.of(
                    checkpoint,
                    ComputePlan.forThisProcessor(ComputeType.INT8),
                    new WeightCache(CacheFolder.at(root)),
                    cancellation);
        }
    }

    private List<Path> entries() throws IOException {
        try (Stream<Path> files = Files.list(root.resolve("weights"))) {
            return files.filter(file -> !file.getFileName().toString().startsWith(".")).toList();
        }
    }
}
