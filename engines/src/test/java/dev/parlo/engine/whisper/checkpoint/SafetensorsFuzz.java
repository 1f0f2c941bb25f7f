package dev.parlo.engine.whisper.checkpoint;

import dev.parlo.engine.EngineException;
import dev.parlo.engine.fuzz.FuzzInput;
import java.lang.foreign.MemorySegment;

/** {@code model.safetensors}. */
public final class SafetensorsFuzz {
    private static final byte[] WHOLE = TransformersWriter.smallest(0);

    private SafetensorsFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        byte[] bytes = FuzzInput.rawOrPatched(input, WHOLE);
        try {
            SafetensorsReader.read("model.safetensors", MemorySegment.ofArray(bytes));
        } catch (EngineException refused) {
            FuzzInput.refused(refused, EngineException.Category.BAD_MODEL);
        }
    }
}
