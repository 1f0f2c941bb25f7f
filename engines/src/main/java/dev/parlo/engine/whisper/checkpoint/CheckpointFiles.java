package dev.parlo.engine.whisper.checkpoint;

import dev.parlo.engine.EngineException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The files of a checkpoint directory in one of the formats that Whisper is published in. Whatever
 * the format, the variables have CTranslate2's names and shapes, so that everything behind a
 * checkpoint is the same.
 */
sealed interface CheckpointFiles permits Ctranslate2Files, TransformersFiles, OnnxFiles {
    /**
     * The format of a directory; where it holds several, CTranslate2's counts, then safetensors,
     * then ONNX. Of several ONNX exports in one directory the encoder's file tells one.
     *
     * @param checkpoint a directory, or the file of an exported encoder
     * @throws EngineException of category BAD_MODEL when it holds none
     */
    static CheckpointFiles in(Path checkpoint) {
        if (Files.isRegularFile(checkpoint)) {
            return OnnxFiles.of(checkpoint);
        }
        Path directory = checkpoint;
        if (Files.isRegularFile(directory.resolve(Ctranslate2Files.WEIGHTS))) {
            return new Ctranslate2Files(directory);
        }
        return TransformersFiles.in(directory)
                .<CheckpointFiles>map(files -> files)
                .or(() -> OnnxFiles.in(directory))
                .orElseThrow(() ->
                        new EngineException(
                                EngineException.Category.BAD_MODEL,
                                String.format(
                                        Locale.ROOT,
                                        "'%s' holds no Whisper checkpoint: neither CTranslate2's"
                                                + " model.bin nor model.safetensors nor ONNX's"
                                                + " encoder_model.onnx, each with its config.json.",
                                        directory.getFileName())));
    }

    /** Where its configuration and its tokenizer lie. */
    Path directory();

    /** The file that is named where the weights are meant. */
    String name();

    /** The files with the weights, at least one. */
    List<Path> weights();

    /** The small files that decide, beside the weights, what is made of them. */
    List<Path> settings();

    /**
     * Reads the configuration, and maps the variables.
     *
     * @param arena how long they can be read
     * @throws EngineException of category BAD_MODEL
     */
    Contents read(Arena arena) throws IOException;

    /**
     * What a checkpoint holds.
     *
     * @param variables by name
     * @param tokens where the Transformers library's files number them
     */
    record Contents(
            WhisperConfig config,
            Map<String, ? extends Variable> variables,
            Optional<TransformersTokens> tokens) {}

    /** What the Transformers library's files say together, for weights with its names. */
    static Contents contents(
            Weights weights, TransformersConfig config, TransformersTokens tokens) {
        return new Contents(
                config.whisper(tokens),
                new TransformersMapping(weights, config).variables(tokens.order()),
                Optional.of(tokens));
    }

    /** All of a file. */
    static MemorySegment map(Path file, Arena arena) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
        }
    }
}
