package dev.parlo.benchmarks;

import dev.parlo.engine.ggml.GgmlModelWriter;
import dev.parlo.engine.ggml.GgmlType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The generated files of a shape, written once and kept.
 *
 * @param folder where they lie
 */
public record Models(Path folder, Shape shape) {
    /** The checkpoint, written where it is not there. */
    public Path checkpoint() throws IOException {
        Path checkpoint = folder.resolve("ct2-" + shape.label());
        // config.json is written last
        if (!Files.exists(checkpoint.resolve("config.json"))) {
            CheckpointGenerator.write(checkpoint, shape);
        }
        return checkpoint;
    }

    Path ggml(GgmlType type) throws IOException {
        Path file = folder.resolve("ggml-" + shape.label() + "-" + type + ".bin");
        if (!Files.exists(file)) {
            Files.createDirectories(folder);
            Path part = folder.resolve(file.getFileName() + ".part");
            GgmlModelWriter.scripted(
                    part,
                    GgmlModelWriter.layout(Shape.VOCABULARY, shape.width(), shape.decoderLayers(), type),
                    Script.tokens(),
                    true);
            Files.move(part, file);
        }
        return file;
    }

    /** Where converted weights are kept. */
    public Path cache() {
        return folder.resolve("converted");
    }
}
