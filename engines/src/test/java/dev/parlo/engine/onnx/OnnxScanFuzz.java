package dev.parlo.engine.onnx;

import dev.parlo.engine.EngineException;
import dev.parlo.engine.fuzz.FuzzInput;
import dev.parlo.engine.speech.TinySpeechModels;
import java.nio.ByteBuffer;
import java.nio.file.Files;

/** What is looked at in an ONNX file before ONNX Runtime sees it. */
public final class OnnxScanFuzz {
    private static final byte[] WHOLE = whole();

    private OnnxScanFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        try {
            OnnxScan scan = OnnxScan.of(ByteBuffer.wrap(FuzzInput.rawOrPatched(input, WHOLE)));
            scan.outputs();
            scan.externalTensors();
            scan.computeType();
            scan.onlyOutput("Round");
            scan.onlyOutputFedBy("Clip", "Round");
        } catch (EngineException refused) {
            FuzzInput.refused(refused, EngineException.Category.BAD_MODEL);
        }
    }

    private static byte[] whole() {
        byte[][] bytes = new byte[1][];
        FuzzInput.asFile(
                new byte[0],
                "m.onnx",
                file -> {
                    TinySpeechModels.kokoro(file, TinySpeechModels.Family.A, true);
                    bytes[0] = Files.readAllBytes(file);
                });
        return bytes[0];
    }
}
