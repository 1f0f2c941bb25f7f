package dev.parlo.engine.whisper.graph;

import dev.parlo.engine.whisper.checkpoint.Variable;
import java.util.function.Consumer;

/**
 * Rows of a checkpoint's {@code [out, in]} weight: all of them, or the slice that is one of several
 * stacked projections.
 *
 * @param firstRow first row of the slice
 * @param rows outputs
 * @param factor every weight is multiplied by it; a power of two, so that nothing is rounded
 */
record Matrix(Variable variable, int firstRow, int rows, float factor) {
    static Matrix of(Variable variable) {
        return new Matrix(variable, 0, variable.rows(), 1f);
    }

    Matrix slice(int from, int count) {
        return new Matrix(variable, firstRow + from, count, factor);
    }

    Matrix times(float by) {
        return new Matrix(variable, firstRow, rows, factor * by);
    }

    int columns() {
        return variable.columns();
    }

    /** Reads one row of the slice. */
    void readRow(int row, float[] into) {
        variable.readRow(firstRow + row, into);
        if (factor != 1f) {
            for (int i = 0; i < into.length; i++) {
                into[i] *= factor;
            }
        }
    }

    /** Reads one row after another; each is valid until the next. */
    void forEachRow(Consumer<float[]> into) {
        float[] row = new float[columns()];
        for (int r = 0; r < rows; r++) {
            readRow(r, row);
            into.accept(row);
        }
    }
}
