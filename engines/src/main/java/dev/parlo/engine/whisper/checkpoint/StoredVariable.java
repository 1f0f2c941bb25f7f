package dev.parlo.engine.whisper.checkpoint;

import dev.parlo.engine.EngineException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A variable as it lies in the mapped file.
 *
 * @param shape dimensions, row-major; empty for a scalar
 * @param data the stored bytes, possibly unaligned
 * @param scale of an int8 variable one per row, of an int16 variable one; null where nothing is
 *     quantised
 */
record StoredVariable(
        String name, int[] shape, DataType type, MemorySegment data, float @Nullable [] scale)
        implements Variable {
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** Scale of int16 files that store none. */
    private static final float DEFAULT_INT16_SCALE = 1000f;

    @Override
    public void readRow(int row, float[] into) {
        int columns = columns();
        long base = (long) row * columns * type.bytes();
        switch (type) {
            case FLOAT32 -> MemorySegment.copy(data, FLOAT, base, into, 0, columns);
            case FLOAT16 -> {
                for (int i = 0; i < columns; i++) {
                    into[i] = Float.float16ToFloat(data.get(SHORT, base + 2L * i));
                }
            }
            case BFLOAT16 -> {
                for (int i = 0; i < columns; i++) {
                    into[i] = Float.intBitsToFloat(data.get(SHORT, base + 2L * i) << 16);
                }
            }
            case INT8 -> {
                float step = scale == null ? 1f : scale[row];
                for (int i = 0; i < columns; i++) {
                    into[i] = data.get(ValueLayout.JAVA_BYTE, base + i) / step;
                }
            }
            case INT16 -> {
                float step = scale == null ? DEFAULT_INT16_SCALE : scale[0];
                for (int i = 0; i < columns; i++) {
                    into[i] = data.get(SHORT, base + 2L * i) / step;
                }
            }
            case INT32 -> {
                for (int i = 0; i < columns; i++) {
                    into[i] = data.get(INT, base + 4L * i);
                }
            }
        }
        Variable.requireFinite(name, into, columns);
    }

    @Override
    public boolean sameAs(Variable other) {
        return other instanceof StoredVariable stored
                        && type == stored.type
                        && Arrays.equals(scale, stored.scale)
                ? Arrays.equals(shape, stored.shape) && data.mismatch(stored.data) < 0
                : Variable.super.sameAs(other);
    }

    @Override
    public float[] toFloats() {
        return rank() <= 1 ? flat() : Variable.super.toFloats();
    }

    /** A vector or scalar is one row, not one per element. */
    private float[] flat() {
        StoredVariable row = new StoredVariable(name, new int[] {1, rows()}, type, data, scale);
        float[] all = new float[rows()];
        row.readRow(0, all);
        return all;
    }

    @Override
    public int toInt() {
        if (rank() != 0) {
            throw new EngineException(
                    EngineException.Category.BAD_MODEL,
                    String.format(
                            Locale.ROOT,
                            "The model's '%s' has shape %s; a scalar is expected.",
                            name,
                            Arrays.toString(shape)));
        }
        return switch (type) {
            case INT8 -> data.get(ValueLayout.JAVA_BYTE, 0);
            case INT16 -> data.get(SHORT, 0);
            case INT32 -> data.get(INT, 0);
            case FLOAT32, FLOAT16, BFLOAT16 ->
                    throw new EngineException(
                            EngineException.Category.BAD_MODEL,
                            String.format(
                                    Locale.ROOT,
                                    "The model's scalar '%s' is a %s; an integer is expected.",
                                    name,
                                    type));
        };
    }
}
