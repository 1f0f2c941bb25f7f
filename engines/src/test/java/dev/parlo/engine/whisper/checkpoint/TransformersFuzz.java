package dev.parlo.engine.whisper.checkpoint;

import dev.parlo.engine.EngineException;
import dev.parlo.engine.fuzz.FuzzInput;
import java.nio.file.Files;
import java.nio.file.Path;

/** {@code tokenizer.json} of a Transformers checkpoint, beside a config.json that is whole. */
public final class TransformersFuzz {
    private static final String CONFIG =
            "{\"model_type\":\"whisper\",\"d_model\":64,\"encoder_layers\":1,\"decoder_layers\":1,"
                    + "\"vocab_size\":1600,\"lang_to_id\":{\"<|en|>\":3}}";

    private TransformersFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        FuzzInput.asFile(
                input,
                "tokenizer.json",
                file -> {
                    Path folder = file.resolveSibling("");
                    Files.writeString(folder.resolve("config.json"), CONFIG);
                    try {
                        TransformersConfig config = TransformersConfig.read(folder);
                        config.whisper(TransformersTokens.read(folder, config));
                    } catch (EngineException refused) {
                        FuzzInput.refused(refused, EngineException.Category.BAD_MODEL);
                    }
                });
    }
}
