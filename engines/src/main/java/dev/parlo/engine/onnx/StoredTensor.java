package dev.parlo.engine.onnx;

import java.lang.foreign.MemorySegment;

/**
 * A tensor as it lies in an ONNX file or beside it.
 *
 * @param type of TensorProto.DataType, such as {@link #FLOAT}
 * @param dims row-major; empty for a scalar
 * @param data as many bytes as type and dims need, little-endian; empty where the file keeps them
 *     in a way that is not read
 */
public record StoredTensor(String name, int type, long[] dims, MemorySegment data) {
    public static final int FLOAT = 1;
    public static final int UINT8 = 2;
    public static final int INT8 = 3;
    public static final int FLOAT16 = 10;
    public static final int BFLOAT16 = 16;

    /** Bytes of one element; 0 for a type that no weights are in. */
    static int width(int type) {
        return switch (type) {
            case UINT8, INT8 -> 1;
            case FLOAT16, BFLOAT16 -> 2;
            case FLOAT -> 4;
            default -> 0;
        };
    }
}
