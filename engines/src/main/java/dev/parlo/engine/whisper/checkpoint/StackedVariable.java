package dev.parlo.engine.whisper.checkpoint;

import java.util.List;

/**
 * Several variables of a file as one, their rows below each other: Transformers keeps queries, keys
 * and values apart that are multiplied together here.
 *
 * @param parts at least one, alike in all dimensions but the first
 */
record StackedVariable(String name, List<Variable> parts) implements Variable {
    StackedVariable {
        parts = List.copyOf(parts);
    }

    @Override
    public int[] shape() {
        int[] shape = parts.getFirst().shape().clone();
        shape[0] = parts.stream().mapToInt(Variable::rows).sum();
        return shape;
    }

    @Override
    public DataType type() {
        return parts.getFirst().type();
    }

    @Override
    public void readRow(int row, float[] into) {
        int left = row;
        for (Variable part : parts) {
            if (left < part.rows()) {
                part.readRow(left, into);
                return;
            }
            left -= part.rows();
        }
        throw new IndexOutOfBoundsException(row);
    }

    @Override
    public float[] toFloats() {
        if (rank() > 1) {
            return Variable.super.toFloats();
        }
        float[] all = new float[rows()];
        int at = 0;
        for (Variable part : parts) {
            System.arraycopy(part.toFloats(), 0, all, at, part.rows());
            at += part.rows();
        }
        return all;
    }

    @Override
    public int toInt() {
        throw new IllegalStateException(name + " is not a scalar");
    }
}
