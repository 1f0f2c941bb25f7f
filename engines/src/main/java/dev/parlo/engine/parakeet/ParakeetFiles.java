package dev.parlo.engine.parakeet;

import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineException.Category;
import dev.parlo.engine.ModelFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * Where a model's parts lie, and what its {@code config.json} says.
 *
 * @param mostTokens of one frame of the encoder
 */
record ParakeetFiles(Path encoder, Path decoder, Path vocabulary, int mostTokens) {
    private static final String ENCODER = "encoder-model";
    private static final String DECODER = "decoder_joint-model";
    private static final int LARGEST_CONFIG = 1 << 20;
    private static final int FRAMES_OF_A_STEP = 8;

    /** As onnx-asr and NeMo. */
    private static final int MOST_TOKENS = 10;

    /**
     * @param model the folder, or the encoder's file where a folder holds several
     * @throws EngineException BAD_MODEL where a part is missing, or it is a model of another kind
     */
    static ParakeetFiles of(Path model) {
        Path encoder = Files.isDirectory(model) ? encoder(model) : model.toAbsolutePath();
        Path folder = encoder.resolveSibling("");
        String name = encoder.getFileName().toString();
        String variant = name.substring(ENCODER.length());
        Path decoder = folder.resolve(DECODER + variant);
        if (!Files.isRegularFile(decoder)) {
            // a quantised encoder with the other part as it was
            decoder = folder.resolve(DECODER + ".onnx");
        }
        if (!Files.isRegularFile(decoder)) {
            throw missing(DECODER + variant);
        }
        return new ParakeetFiles(
                encoder,
                decoder,
                folder.resolve("vocab.txt"),
                config(folder.resolve("config.json")));
    }

    private static Path encoder(Path folder) {
        try (Stream<Path> all = Files.list(folder)) {
            List<Path> encoders =
                    all.filter(file ->
                                    file.getFileName()
                                            .toString()
                                            .matches(ENCODER + "(\\.\\w+)?\\.onnx"))
                            .sorted()
                            .toList();
            return encoders.stream()
                    .filter(file -> file.endsWith(ENCODER + ".onnx"))
                    .findFirst()
                    .or(() -> encoders.stream().findFirst())
                    .orElseThrow(() -> missing(ENCODER + ".onnx"));
        } catch (IOException failure) {
            throw new EngineException(
                    Category.BAD_MODEL, "The model's folder cannot be read.", failure);
        }
    }

    private static EngineException missing(String file) {
        return new EngineException(
                Category.BAD_MODEL,
                "The model's folder holds no " + file + ", which Parakeet needs.");
    }

    private static int config(Path path) {
        ModelFile file = new ModelFile(path, LARGEST_CONFIG);
        JsonNode root = file.json();
        String type = root.path("model_type").asString("");
        if (!type.endsWith("-tdt")) {
            throw file.outside(root.path("model_type"), "model_type", "nemo-conformer-tdt");
        }
        file.integer(
                root.path("features_size"),
                "features_size",
                NemoMel.BANDS,
                NemoMel.BANDS,
                NemoMel.BANDS);
        // times are counted in the encoder's frames
        file.integer(
                root.path("subsampling_factor"),
                "subsampling_factor",
                FRAMES_OF_A_STEP,
                FRAMES_OF_A_STEP,
                FRAMES_OF_A_STEP);
        return file.integer(
                root.path("max_tokens_per_step"), "max_tokens_per_step", MOST_TOKENS, 1, 100);
    }
}
