package dev.parlo.engine.ggml;

import dev.parlo.engine.ComputeType;
import org.jspecify.annotations.Nullable;

/**
 * How a tensor's numbers are stored: {@code blockSize} numbers in {@code blockBytes} bytes. The ids
 * are those of ggml's tensor types; {@code fileType} is the number by which a file's header says
 * that its matrices are of this type.
 */
public enum GgmlType {
    F32(0, 0, 1, 4, 0, 0),
    F16(1, 1, 1, 2, 0, 1),
    Q4_0(2, 2, 32, 18, 0, 1),
    Q4_1(3, 3, 32, 20, 0, 2),
    Q5_0(6, 8, 32, 22, 0, 1),
    Q5_1(7, 9, 32, 24, 0, 2),
    Q8_0(8, 7, 32, 34, 0, 1),
    Q2_K(10, 10, 256, 84, 80, 2),
    Q3_K(11, 11, 256, 110, 108, 1),
    Q4_K(12, 12, 256, 144, 0, 2),
    Q5_K(13, 13, 256, 176, 0, 2),
    Q6_K(14, 14, 256, 210, 208, 1);

    private final int id;
    private final int fileType;
    private final int blockSize;
    private final int blockBytes;
    private final int scalesAt;
    private final int scales;

    /**
     * @param scalesAt byte of a block at which its 16-bit floats stand
     * @param scales how many there are: a scale, and an offset where the type has one
     */
    GgmlType(int id, int fileType, int blockSize, int blockBytes, int scalesAt, int scales) {
        this.id = id;
        this.fileType = fileType;
        this.blockSize = blockSize;
        this.blockBytes = blockBytes;
        this.scalesAt = scalesAt;
        this.scales = scales;
    }

    /** The number in a tensor's own header. */
    public int id() {
        return id;
    }

    /** The number in the file's header. */
    public int fileType() {
        return fileType;
    }

    /** Numbers that share a scale; a matrix row must be a multiple of it. */
    public int blockSize() {
        return blockSize;
    }

    /** What an engine that computes with this type reports. */
    ComputeType computeType() {
        return switch (this) {
            case F32 -> ComputeType.FLOAT32;
            case F16 -> ComputeType.FLOAT16;
            case Q4_0 -> ComputeType.Q4_0;
            case Q4_1 -> ComputeType.Q4_1;
            case Q5_0 -> ComputeType.Q5_0;
            case Q5_1 -> ComputeType.Q5_1;
            case Q8_0 -> ComputeType.Q8_0;
            case Q2_K -> ComputeType.Q2_K;
            case Q3_K -> ComputeType.Q3_K;
            case Q4_K -> ComputeType.Q4_K;
            case Q5_K -> ComputeType.Q5_K;
            case Q6_K -> ComputeType.Q6_K;
        };
    }

    /** Bytes of {@code elements} numbers, a multiple of {@link #blockSize()}. */
    public long bytes(long elements) {
        return elements / blockSize * blockBytes;
    }

    int blockBytes() {
        return blockBytes;
    }

    int scalesAt() {
        return scalesAt;
    }

    int scales() {
        return scales;
    }

    static @Nullable GgmlType ofFileType(int fileType) {
        for (GgmlType type : values()) {
            if (type.fileType == fileType) {
                return type;
            }
        }
        return null;
    }
}
