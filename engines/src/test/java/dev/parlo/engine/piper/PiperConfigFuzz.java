package dev.parlo.engine.piper;

import dev.parlo.engine.EngineException;
import dev.parlo.engine.fuzz.FuzzInput;

/** A Piper voice's JSON. */
public final class PiperConfigFuzz {
    private PiperConfigFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        FuzzInput.asFile(
                input,
                "voice.onnx.json",
                file -> {
                    try {
                        PiperConfig.read(file);
                    } catch (EngineException refused) {
                        FuzzInput.refused(refused, EngineException.Category.BAD_MODEL);
                    }
                });
    }
}
