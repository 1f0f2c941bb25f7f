package dev.parlo.engine.whisper.checkpoint;

import dev.parlo.engine.EngineException;
import dev.parlo.engine.fuzz.FuzzInput;

/** {@code config.json} of a checkpoint. */
public final class WhisperConfigFuzz {
    private WhisperConfigFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        FuzzInput.asFile(
                input,
                "config.json",
                file -> {
                    try {
                        WhisperConfig.read(file.resolveSibling(""));
                    } catch (EngineException refused) {
                        FuzzInput.refused(refused, EngineException.Category.BAD_MODEL);
                    }
                });
    }
}
