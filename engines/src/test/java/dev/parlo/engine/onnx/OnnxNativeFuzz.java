package dev.parlo.engine.onnx;

import dev.parlo.engine.EngineException;
import dev.parlo.engine.fuzz.FuzzInput;
import dev.parlo.engine.speech.TinySpeechModels;
import java.nio.file.Files;

/** An ONNX graph that our look at it lets through, opened by ONNX Runtime. */
public final class OnnxNativeFuzz {
    private static final byte[] WHOLE = whole();

    private OnnxNativeFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        FuzzInput.note(input);
        FuzzInput.asFile(
                FuzzInput.rawOrPatched(input, WHOLE),
                "fuzz.onnx",
                file -> {
                    try {
                        CheckedModel.open(file, "model", 64L << 20, 1).close();
                    } catch (EngineException refused) {
                        FuzzInput.refused(refused, EngineException.Category.BAD_MODEL);
                    }
                });
    }

    private static byte[] whole() {
        byte[][] bytes = new byte[1][];
        FuzzInput.asFile(
                new byte[0],
                "m.onnx",
                file -> {
                    TinySpeechModels.piper(file, true);
                    bytes[0] = Files.readAllBytes(file);
                });
        return bytes[0];
    }
}
