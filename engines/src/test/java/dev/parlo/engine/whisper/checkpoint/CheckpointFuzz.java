package dev.parlo.engine.whisper.checkpoint;

import dev.parlo.engine.EngineException;
import dev.parlo.engine.fuzz.FuzzInput;
import java.lang.foreign.MemorySegment;

/** CTranslate2's {@code model.bin}. */
public final class CheckpointFuzz {
    private static final byte[] WHOLE =
            CheckpointWriter.random(
                            new WhisperShape(64, 1, 1, 1, 1560, 80, 256, 448), DataType.INT8, 3)
                    .toBytes();

    private CheckpointFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        byte[] bytes = FuzzInput.rawOrPatched(input, WHOLE);
        try {
            CheckpointReader.read(MemorySegment.ofArray(bytes));
        } catch (EngineException refused) {
            FuzzInput.refused(refused, EngineException.Category.BAD_MODEL);
        }
    }
}
