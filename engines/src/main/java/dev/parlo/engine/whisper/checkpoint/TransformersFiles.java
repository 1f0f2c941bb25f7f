package dev.parlo.engine.whisper.checkpoint;

import dev.parlo.engine.EngineException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * {@code model.safetensors}, or PyTorch's older {@code pytorch_model.bin}, with {@code
 * config.json}, as the Transformers library keeps Whisper; a large one may be split into several
 * files, which an index names.
 *
 * @param name the single file, or the index
 * @param weights the single file, or those that the index names
 */
record TransformersFiles(Path directory, String name, List<Path> weights)
        implements CheckpointFiles {
    private static final String PICKLE = "pytorch_model.bin";

    /** In this order: what most readers take first, then the same weights in other widths. */
    private static final List<String> SINGLE =
            List.of(
                    "model.safetensors",
                    "model.fp32.safetensors",
                    "model.fp16.safetensors",
                    "model.bf16.safetensors",
                    PICKLE);

    private static final String INDEX = "model.safetensors.index.json";

    TransformersFiles {
        weights = List.copyOf(weights);
    }

    /** The weights of a directory; empty where it holds none in this format. */
    static Optional<TransformersFiles> in(Path directory) {
        if (Files.isRegularFile(directory.resolve(SINGLE.getFirst()))) {
            return Optional.of(single(directory, SINGLE.getFirst()));
        }
        Path index = directory.resolve(INDEX);
        if (Files.isRegularFile(index)) {
            List<Path> shards =
                    SafetensorsIndex.read(index).files().stream().map(directory::resolve).toList();
            return Optional.of(new TransformersFiles(directory, INDEX, shards));
        }
        return SINGLE.stream()
                .filter(name -> Files.isRegularFile(directory.resolve(name)))
                .findFirst()
                .map(name -> single(directory, name));
    }

    private static TransformersFiles single(Path directory, String name) {
        return new TransformersFiles(directory, name, List.of(directory.resolve(name)));
    }

    @Override
    public List<Path> settings() {
        return Stream.concat(settings(directory), Stream.of(directory.resolve(INDEX)))
                .filter(Files::isRegularFile)
                .toList();
    }

    /** Of these some are there; the tokenizer decides which embeddings are used, in which order. */
    static Stream<Path> settings(Path directory) {
        return Stream.of(
                        "config.json",
                        "generation_config.json",
                        "tokenizer.json",
                        "vocab.json",
                        "added_tokens.json",
                        "tokenizer_config.json")
                .map(directory::resolve);
    }

    @Override
    public Contents read(Arena arena) throws IOException {
        TransformersConfig config = TransformersConfig.read(directory);
        TransformersTokens tokens = TransformersTokens.read(directory, config);
        return CheckpointFiles.contents(
                new NamedWeights(name, tensors(arena), config), config, tokens);
    }

    private Map<String, Tensor> tensors(Arena arena) throws IOException {
        Map<String, Tensor> all = new HashMap<>();
        for (Path file : weights) {
            String shard = String.valueOf(file.getFileName());
            if (!Files.isRegularFile(file)) {
                throw bad(String.format(Locale.ROOT, "names '%s', which is not there", shard));
            }
            for (Tensor tensor : tensors(shard, CheckpointFiles.map(file, arena)).values()) {
                Tensor other = all.putIfAbsent(tensor.name(), tensor);
                if (other != null) {
                    throw bad(
                            String.format(
                                    Locale.ROOT,
                                    "names two files that both hold '%s'",
                                    tensor.name()));
                }
            }
        }
        if (name.equals(INDEX)) {
            requireAll(all);
        }
        return all;
    }

    private static Map<String, Tensor> tensors(String file, MemorySegment bytes) {
        return file.equals(PICKLE)
                ? PytorchReader.read(file, bytes)
                : SafetensorsReader.read(file, bytes);
    }

    private void requireAll(Map<String, Tensor> found) {
        List<String> missing =
                new ArrayList<>(SafetensorsIndex.read(directory.resolve(INDEX)).tensors());
        missing.removeAll(found.keySet());
        if (!missing.isEmpty()) {
            throw bad(
                    String.format(
                            Locale.ROOT,
                            "names %d weights that its files do not hold, such as '%s'",
                            missing.size(),
                            missing.getFirst()));
        }
    }

    private EngineException bad(String problem) {
        return new EngineException(
                EngineException.Category.BAD_MODEL,
                name + " " + problem + ". Download the model again.");
    }
}
