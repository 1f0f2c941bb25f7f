package dev.parlo.engine.whisper.checkpoint;

/**
 * Rows of a variable in another order, or only some of them.
 *
 * @param all of at least two dimensions
 * @param order the row of {@code all} that each row is
 */
record SelectedRows(Variable all, int[] order) implements Variable {
    @Override
    public String name() {
        return all.name();
    }

    @Override
    public int[] shape() {
        int[] shape = all.shape().clone();
        shape[0] = order.length;
        return shape;
    }

    @Override
    public int rows() {
        return order.length;
    }

    @Override
    public DataType type() {
        return all.type();
    }

    @Override
    public void readRow(int row, float[] into) {
        all.readRow(order[row], into);
    }

    @Override
    public int toInt() {
        throw new IllegalStateException(name() + " is not a scalar");
    }
}
