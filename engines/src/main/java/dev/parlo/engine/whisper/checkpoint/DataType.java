package dev.parlo.engine.whisper.checkpoint;

import dev.parlo.engine.EngineException;
import java.util.Locale;

/** Element types of {@code model.bin}, with their ids on disk. */
public enum DataType {
    FLOAT32(4),
    INT8(1),
    INT16(2),
    INT32(4),
    FLOAT16(2),
    BFLOAT16(2);

    private final int bytes;

    DataType(int bytes) {
        this.bytes = bytes;
    }

    /** Bytes of one element. */
    public int bytes() {
        return bytes;
    }

    static DataType ofId(int id, String variable) {
        if (id < 0 || id >= values().length) {
            throw new EngineException(
                    EngineException.Category.BAD_MODEL,
                    String.format(
                            Locale.ROOT,
                            "model.bin: variable '%s' has data type %d; known are 0 (float32) to 5 (bfloat16).",
                            variable,
                            id));
        }
        return values()[id];
    }

    /** Before version 4 a variable said only how wide its items are. */
    static DataType ofItemSize(int size, String variable) {
        return switch (size) {
            case 4 -> FLOAT32;
            case 2 -> INT16;
            case 1 -> INT8;
            default ->
                    throw new EngineException(
                            EngineException.Category.BAD_MODEL,
                            String.format(
                                    Locale.ROOT,
                                    "model.bin: variable '%s' has items of %d bytes; known are 1, 2 and 4.",
                                    variable,
                                    size));
        };
    }
}
