package dev.parlo.registry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * What is read of a model's files to know what they are: graphs, configurations, lists of files.
 * The first byte chooses.
 */
public final class ModelFilesFuzz {
    private ModelFilesFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) throws IOException {
        if (input.length == 0) {
            return;
        }
        byte[] content = Arrays.copyOfRange(input, 1, input.length);
        Path file = Files.createTempFile("model", ".onnx.json");
        try {
            Files.write(file, content);
            switch (input[0] & 7) {
                case 0 -> ExternalWeights.of(file);
                case 1 -> RepositoryConfig.of(content).hasAny("a");
                case 2 -> TreeListing.read(file);
                case 3 -> VoiceIndex.of(content);
                default ->
                        PiperConfig.read(
                                Objects.requireNonNull(file.getParent()),
                                List.of(file.getFileName().toString()));
            }
        } finally {
            Files.delete(file);
        }
    }
}
