package dev.parlo.engine.whisper.checkpoint;

import dev.parlo.engine.EngineException;
import java.util.Arrays;
import java.util.Locale;

/**
 * One variable of a checkpoint, read where it lies in the mapped file. Elements are read as floats
 * whatever their stored type is; quantised ones are divided by their scale. Thread-safe until the
 * checkpoint is closed.
 */
public sealed interface Variable
        permits StoredVariable, StackedVariable, SelectedRows, ExportedMatrix {
    String name();

    /** Dimensions, row-major; empty for a scalar. */
    int[] shape();

    /** How the elements are stored. */
    DataType type();

    /**
     * Reads one row, all dimensions after the first flattened, as floats.
     *
     * @throws dev.parlo.engine.EngineException of category BAD_MODEL when one of them is not finite
     */
    void readRow(int row, float[] into);

    /** The scalar's integer value. */
    int toInt();

    default int rank() {
        return shape().length;
    }

    /** Size of the first dimension, 1 for a scalar. */
    default int rows() {
        return rank() == 0 ? 1 : shape()[0];
    }

    /** Elements per row. */
    default int columns() {
        int[] shape = shape();
        int columns = 1;
        for (int i = 1; i < shape.length; i++) {
            columns *= shape[i];
        }
        return columns;
    }

    /** All elements as floats. */
    default float[] toFloats() {
        int columns = columns();
        float[] all = new float[Math.multiplyExact(rows(), columns)];
        float[] row = new float[columns];
        for (int r = 0; r < rows(); r++) {
            readRow(r, row);
            System.arraycopy(row, 0, all, r * columns, columns);
        }
        return all;
    }

    /** Whether both are the same numbers, bit by bit. */
    default boolean sameAs(Variable other) {
        if (!Arrays.equals(shape(), other.shape())) {
            return false;
        }
        float[] mine = new float[columns()];
        float[] others = new float[columns()];
        for (int row = 0; row < rows(); row++) {
            readRow(row, mine);
            other.readRow(row, others);
            if (!Arrays.equals(mine, others)) {
                return false;
            }
        }
        return true;
    }

    /** Eight-bit weights would be made of it, in which nothing tells that it was no number. */
    static void requireFinite(String name, float[] row, int columns) {
        for (int i = 0; i < columns; i++) {
            if (!Float.isFinite(row[i])) {
                throw new EngineException(
                        EngineException.Category.BAD_MODEL,
                        String.format(
                                Locale.ROOT,
                                "The model's weights '%s' hold %s; finite numbers are expected. Download the"
                                        + " model again.",
                                name,
                                row[i]));
            }
        }
    }
}
