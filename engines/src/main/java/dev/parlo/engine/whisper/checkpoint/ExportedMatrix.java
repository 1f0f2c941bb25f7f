package dev.parlo.engine.whisper.checkpoint;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * A matrix as an export to ONNX keeps it: perhaps with rows and columns exchanged, perhaps in eight
 * bits, of which each stands for {@code (q - zeroPoint) * scale}, computed as ONNX defines it.
 *
 * @param shape as it is read, rows first, at least two dimensions
 * @param type FLOAT32, FLOAT16 or BFLOAT16, or INT8 where it is quantised
 * @param transposed whether the file holds columns first; two dimensions then
 * @param quantisation null where the numbers are stored themselves
 */
record ExportedMatrix(
        String name,
        int[] shape,
        DataType type,
        MemorySegment data,
        boolean transposed,
        @Nullable Quantisation quantisation)
        implements Variable {
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /**
     * How eight bits are numbers.
     *
     * @param signed whether a byte is -128 to 127 rather than 0 to 255
     * @param scales one for all rows, or one for each
     * @param zeroPoints as many
     */
    record Quantisation(boolean signed, float[] scales, int[] zeroPoints) {}

    @Override
    public void readRow(int row, float[] into) {
        int columns = columns();
        long stride = transposed ? rows() : 1;
        long first = transposed ? row : (long) row * columns;
        switch (type) {
            case FLOAT32 -> {
                for (int i = 0; i < columns; i++) {
                    into[i] = data.get(FLOAT, Float.BYTES * (first + i * stride));
                }
            }
            case FLOAT16 -> {
                for (int i = 0; i < columns; i++) {
                    into[i] =
                            Float.float16ToFloat(
                                    data.get(SHORT, Short.BYTES * (first + i * stride)));
                }
            }
            case BFLOAT16 -> {
                for (int i = 0; i < columns; i++) {
                    into[i] =
                            Float.intBitsToFloat(
                                    data.get(SHORT, Short.BYTES * (first + i * stride)) << 16);
                }
            }
            case INT8 -> bytes(row, first, stride, columns, into);
            case INT16, INT32 -> throw new IllegalStateException(name + " is a " + type);
        }
        Variable.requireFinite(name, into, columns);
    }

    private void bytes(int row, long first, long stride, int columns, float[] into) {
        if (quantisation == null) {
            throw new IllegalStateException(name + " has no scale");
        }
        float scale = quantisation.scales[quantisation.scales.length == 1 ? 0 : row];
        int zero = quantisation.zeroPoints[quantisation.zeroPoints.length == 1 ? 0 : row];
        int mask = quantisation.signed ? -1 : 0xff;
        for (int i = 0; i < columns; i++) {
            into[i] = ((data.get(ValueLayout.JAVA_BYTE, first + i * stride) & mask) - zero) * scale;
        }
    }

    @Override
    public int toInt() {
        throw new IllegalStateException(name + " is not a scalar");
    }
}
