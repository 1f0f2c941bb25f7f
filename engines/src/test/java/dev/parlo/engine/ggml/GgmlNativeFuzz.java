package dev.parlo.engine.ggml;

import dev.parlo.engine.EngineException;
import dev.parlo.engine.TranscribeOptions;
import dev.parlo.engine.fuzz.FuzzInput;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.util.Random;

/**
 * A GGML file that our reader accepts, loaded and run by whisper.cpp: numbers that are finite can
 * still be as large as they like. The first byte says how many values are drawn anew, the next
 * eight are the seed; the rest are changes as {@link FuzzInput#rawOrPatched} has them.
 */
public final class GgmlNativeFuzz {
    private static final byte[] WHOLE = whole();

    /** Huge, tiny, one: of equal bytes, so that none becomes infinite wherever it is put. */
    private static final short[] ODD = {0x7b7b, (short) 0xfbfb, 0x0101, (short) 0x8181, 0x3c3c};

    private GgmlNativeFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length < 9) {
            return;
        }
        FuzzInput.note(input);
        byte[] changes = new byte[input.length - 8];
        System.arraycopy(input, 9, changes, 1, input.length - 9);
        changes[0] = 1;
        byte[] model = FuzzInput.rawOrPatched(changes, WHOLE);
        Random random = new Random(ByteBuffer.wrap(input, 1, 8).getLong());
        ByteBuffer values = ByteBuffer.wrap(model).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = (input[0] & 0xff) * 16; i > 0 && model.length > 4; i--) {
            // Behind filters and vocabulary, where the tensors lie.
            int from = Math.min(model.length / 2, model.length - 2);
            values.putShort(
                    from + random.nextInt(model.length - from - 1),
                    ODD[random.nextInt(ODD.length)]);
        }
        FuzzInput.asFile(
                model,
                "ggml-fuzz.bin",
                file -> {
                    try (GgmlWhisperEngine engine = ScriptedGgml.open(file)) {
                        ScriptedGgml.run(engine, 1, TranscribeOptions.defaults());
                    } catch (EngineException refused) {
                        FuzzInput.refused(
                                refused,
                                EngineException.Category.BAD_MODEL,
                                EngineException.Category.INTERNAL);
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
