package dev.parlo.engine.whisper.checkpoint;

import dev.parlo.engine.EngineException;
import dev.parlo.engine.onnx.OnnxGraph;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Whisper as Optimum and Transformers.js export it to ONNX: {@code encoder_model.onnx} with {@code
 * decoder_model_merged.onnx} or {@code decoder_model.onnx}, in the folder of {@code config.json} or
 * in {@code onnx/} beside it. Only the weights are taken from them; the graphs are not run.
 *
 * @param directory with config.json and the tokenizer
 */
record OnnxFiles(Path directory, Path encoder, Path decoder) implements CheckpointFiles {
    private static final String ENCODER = "encoder_model";

    /** Behind {@code encoder_model}, in this order where several are there. */
    private static final List<String> VARIANTS =
            List.of("", "_fp16", "_quantized", "_int8", "_uint8");

    private static final String FOLDER = "onnx";

    /** The export of a directory; empty where it holds none. */
    static Optional<OnnxFiles> in(Path directory) {
        for (String variant : VARIANTS) {
            for (Path folder : List.of(directory, directory.resolve(FOLDER))) {
                Path encoder = folder.resolve(ENCODER + variant + ".onnx");
                if (Files.isRegularFile(encoder)) {
                    return Optional.of(of(encoder));
                }
            }
        }
        return Optional.empty();
    }

    /**
     * The export that an encoder is of.
     *
     * @throws EngineException of category BAD_MODEL when its decoder or its configuration is not
     *     there
     */
    static OnnxFiles of(Path encoder) {
        String name = String.valueOf(encoder.getFileName());
        if (!name.startsWith(ENCODER) || !name.endsWith(".onnx")) {
            throw bad(name, "is not an exported encoder; encoder_model.onnx is expected");
        }
        String rest = name.substring(ENCODER.length());
        Path decoder =
                Stream.of("decoder_model_merged", "decoder_model")
                        .map(stem -> encoder.resolveSibling(stem + rest))
                        .filter(Files::isRegularFile)
                        .findFirst()
                        .orElseThrow(() ->
                                bad(
                                        name,
                                        "has no decoder beside it; decoder_model_merged"
                                                + rest
                                                + " or decoder_model"
                                                + rest
                                                + " is expected"));
        return new OnnxFiles(directory(encoder), encoder, decoder);
    }

    private static Path directory(Path encoder) {
        Path folder = encoder.toAbsolutePath().getParent();
        if (folder == null) {
            throw bad(encoder.toString(), "lies in no folder");
        }
        @Nullable Path around = folder.getParent();
        return around != null && !Files.isRegularFile(folder.resolve("config.json"))
                ? around
                : folder;
    }

    @Override
    public String name() {
        return encoder.getFileName() + " and " + decoder.getFileName();
    }

    /** With the files in which they keep tensors, as exporters call them. */
    @Override
    public List<Path> weights() {
        List<Path> all = new ArrayList<>(List.of(encoder, decoder));
        for (Path graph : List.of(encoder, decoder)) {
            String data = graph.getFileName() + "_data";
            String other = graph.getFileName() + ".data";
            try (Stream<Path> beside = Files.list(graph.toAbsolutePath().resolveSibling(""))) {
                beside.filter(
                                file -> {
                                    String name = String.valueOf(file.getFileName());
                                    return name.startsWith(data) || name.equals(other);
                                })
                        .filter(Files::isRegularFile)
                        .sorted()
                        .forEach(all::add);
            } catch (IOException e) {
                throw new EngineException(
                        EngineException.Category.BAD_MODEL,
                        "The model's folder " + directory.getFileName() + " cannot be read.",
                        e);
            }
        }
        return all;
    }

    @Override
    public List<Path> settings() {
        return TransformersFiles.settings(directory).filter(Files::isRegularFile).toList();
    }

    @Override
    public Contents read(Arena arena) throws IOException {
        TransformersConfig config = TransformersConfig.read(directory);
        TransformersTokens tokens = TransformersTokens.read(directory, config);
        ExportedWeights weights =
                new ExportedWeights(
                        part(encoder, "encoder", arena), part(decoder, "decoder", arena));
        return CheckpointFiles.contents(weights, config, tokens);
    }

    private static ExportedPart part(Path file, String side, Arena arena) throws IOException {
        return new ExportedPart(
                String.valueOf(file.getFileName()), OnnxGraph.read(file, arena), side);
    }

    private static EngineException bad(String file, String problem) {
        return new EngineException(
                EngineException.Category.BAD_MODEL,
                String.format(Locale.ROOT, "%s %s.", file, problem));
    }
}
