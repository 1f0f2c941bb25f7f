package dev.parlo.engine.whisper.checkpoint;

import dev.parlo.engine.EngineException;
import dev.parlo.engine.fuzz.FuzzInput;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Files of a Transformers checkpoint: the table of {@code safetensors}, the index of several, the
 * configuration, the tokenizer's ids. The first byte chooses.
 */
public final class TransformersFilesFuzz {
    private static final String CONFIG =
            "{\"model_type\":\"whisper\",\"d_model\":64,\"encoder_attention_heads\":1,"
                    + "\"decoder_attention_heads\":1,\"encoder_ffn_dim\":256,"
                    + "\"decoder_ffn_dim\":256,\"encoder_layers\":1,\"decoder_layers\":1,"
                    + "\"vocab_size\":51865}";

    private TransformersFilesFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length == 0) {
            return;
        }
        byte[] content = Arrays.copyOfRange(input, 1, input.length);
        try {
            switch (input[0] & 3) {
                case 0 ->
                        SafetensorsReader.read("model.safetensors", MemorySegment.ofArray(content));
                case 1 ->
                        FuzzInput.asFile(
                                content, "model.safetensors.index.json", SafetensorsIndex::read);
                case 2 ->
                        FuzzInput.asFile(
                                content,
                                "config.json",
                                file -> TransformersConfig.read(file.resolveSibling("")));
                default ->
                        FuzzInput.asFile(
                                content,
                                (input[0] & 4) == 0 ? "tokenizer.json" : "vocab.json",
                                TransformersFilesFuzz::tokens);
            }
        } catch (EngineException refused) {
            FuzzInput.refused(refused, EngineException.Category.BAD_MODEL);
        }
    }

    private static void tokens(Path file) throws java.io.IOException {
        Path folder = file.resolveSibling("");
        Files.writeString(folder.resolve("config.json"), CONFIG);
        TransformersTokens.read(folder, TransformersConfig.read(folder));
    }
}
