package dev.parlo.engine.whisper.checkpoint;

/**
 * One variable of a checkpoint, read where it lies in the mapped file. Elements are read as floats
 * whatever their stored type is; quantised ones are divided by their scale. Thread-safe until the
 * checkpoint is closed.
 */
public sealed interface Variable permits StoredVariable, StackedVariable, SelectedRows {
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
}
