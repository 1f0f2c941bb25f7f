package dev.parlo.engine.onnx.capi;

/** Types of tensor elements, as {@code ONNXTensorElementDataType} numbers them. */
public enum ElementType {
    FLOAT(1, 4),
    UINT8(2, 1),
    INT32(6, 4),
    INT64(7, 8),
    BOOL(9, 1),
    FLOAT16(10, 2);

    private final int id;
    private final int bytes;

    ElementType(int id, int bytes) {
        this.id = id;
        this.bytes = bytes;
    }

    int id() {
        return id;
    }

    /** Of one element. */
    public int bytes() {
        return bytes;
    }
}
