package dev.parlo.engine.whisper.checkpoint;

import dev.parlo.engine.EngineException;
import dev.parlo.engine.fuzz.FuzzInput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;

/** {@code pytorch_model.bin}. */
public final class PytorchFuzz {
    private static final byte[] WHOLE = whole();

    private PytorchFuzz() {}

    private static byte[] whole() {
        try {
            PytorchWriter writer = new PytorchWriter("F16");
            writer.add("a", new long[] {2, 3}, new byte[12]);
            return writer.toBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static void fuzzerTestOneInput(byte[] input) {
        byte[] bytes = FuzzInput.rawOrPatched(input, WHOLE);
        try {
            PytorchReader.read("pytorch_model.bin", MemorySegment.ofArray(bytes));
        } catch (EngineException refused) {
            FuzzInput.refused(refused, EngineException.Category.BAD_MODEL);
        }
    }
}
