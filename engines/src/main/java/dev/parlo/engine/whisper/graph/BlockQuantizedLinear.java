package dev.parlo.engine.whisper.graph;

import dev.parlo.engine.whisper.checkpoint.WeightFile;
import java.util.ArrayList;
import java.util.List;

/**
 * 8-bit weights with one scale per block of a row. For few rows at once (decoder steps), where
 * reading the weights is what takes the time. Activations are quantised per row and block inside
 * the kernel, or stay floats.
 */
final class BlockQuantizedLinear implements Linear {
    private static final float LEVELS = 127f;
    private static final int ACTIVATIONS_INT8 = 4;
    private static final int ACTIVATIONS_FLOAT = 1;

    private final int accuracy;

    /**
     * @param integerActivations false where integer kernels would saturate
     */
    BlockQuantizedLinear(boolean integerActivations) {
        this.accuracy = integerActivations ? ACTIVATIONS_INT8 : ACTIVATIONS_FLOAT;
    }

    /** The largest block that divides a row of this width. */
    static int blockSize(int columns) {
        for (int block = 128; block > 16; block /= 2) {
            if (columns % block == 0) {
                return block;
            }
        }
        return 16;
    }

    /**
     * A matrix in the side file.
     *
     * @param values uint8 [rows, blocks, block]
     * @param scales float [rows, blocks]
     */
    record Blocks(
            WeightFile.ByteRange values,
            WeightFile.ByteRange scales,
            int rows,
            int columns,
            int block) {}

    @Override
    public List<String> multiply(GraphBuilder graph, String x, List<Matrix> matrices) {
        List<String> products = new ArrayList<>();
        for (Matrix matrix : matrices) {
            products.add(multiply(graph, x, write(graph.weights(), matrix)));
        }
        return products;
    }

    /** Adds the product with a matrix that is already written. */
    String multiply(GraphBuilder graph, String x, Blocks w) {
        int blocks = w.columns() / w.block();
        return graph.msOp(
                "MatMulNBits",
                List.of(
                        x,
                        graph.external(ElementType.UINT8, w.values(), w.rows(), blocks, w.block()),
                        graph.external(ElementType.FLOAT, w.scales(), (long) w.rows() * blocks)),
                Attribute.of("K", w.columns()),
                Attribute.of("N", w.rows()),
                Attribute.of("bits", 8),
                Attribute.of("block_size", w.block()),
                Attribute.of("accuracy_level", accuracy));
    }

    /** Quantises a matrix into the side file. */
    static Blocks write(WeightFile weights, Matrix matrix) {
        int columns = matrix.columns();
        int block = blockSize(columns);
        int blocks = columns / block;
        float[] row = new float[columns];
        byte[] bytes = new byte[columns];
        float[] scales = new float[Math.multiplyExact(matrix.rows(), blocks)];
        long start = weights.begin();
        for (int r = 0; r < matrix.rows(); r++) {
            matrix.readRow(r, row);
            for (int b = 0; b < blocks; b++) {
                scales[r * blocks + b] = quantise(row, bytes, b * block, block);
            }
            weights.append(bytes, columns);
        }
        WeightFile.ByteRange values = weights.end(start);
        start = weights.begin();
        weights.append(scales);
        return new Blocks(values, weights.end(start), matrix.rows(), columns, block);
    }

    private static float quantise(float[] row, byte[] into, int from, int count) {
        float amax = 0;
        for (int i = from; i < from + count; i++) {
            amax = Math.max(amax, Math.abs(row[i]));
        }
        float step = amax == 0 ? 1f : LEVELS / amax;
        for (int i = from; i < from + count; i++) {
            into[i] = (byte) ((int) Math.rint(row[i] * step) + EmbeddingLayout.ZERO);
        }
        return 1f / step;
    }
}
