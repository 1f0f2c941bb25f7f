package dev.parlo.engine.ggml;

import dev.parlo.engine.EngineException;
import dev.parlo.engine.fuzz.FuzzInput;
import java.nio.file.Files;

/** GGML files, as whisper.cpp must not see them unless they are whole. */
public final class GgmlFuzz {
    private static final byte[] WHOLE = whole();

    private GgmlFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        FuzzInput.asFile(
                FuzzInput.rawOrPatched(input, WHOLE),
                "ggml-fuzz.bin",
                file -> {
                    try {
                        GgmlFile.read(file);
                    } catch (EngineException refused) {
                        FuzzInput.refused(refused, EngineException.Category.BAD_MODEL);
                    }
                });
    }

    private static byte[] whole() {
        byte[][] bytes = new byte[1][];
        FuzzInput.asFile(
                new byte[0],
                "whole.bin",
                file -> {
                    GgmlModelWriter.random(
                            file, GgmlModelWriter.layout(51864, 32, 1, GgmlType.Q8_0), 3);
                    bytes[0] = Files.readAllBytes(file);
                });
        return bytes[0];
    }
}
