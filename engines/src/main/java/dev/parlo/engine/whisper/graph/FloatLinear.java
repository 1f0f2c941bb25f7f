package dev.parlo.engine.whisper.graph;

import dev.parlo.engine.whisper.checkpoint.WeightFile;
import java.util.ArrayList;
import java.util.List;

/** Weights and activations as 32-bit floats. */
final class FloatLinear implements Linear {
    @Override
    public List<String> multiply(GraphBuilder graph, String x, List<Matrix> matrices) {
        List<String> products = new ArrayList<>();
        for (Matrix matrix : matrices) {
            WeightFile weights = graph.weights();
            long start = weights.begin();
            float[] row = new float[matrix.columns()];
            for (int r = 0; r < matrix.rows(); r++) {
                matrix.readRow(r, row);
                weights.append(row);
            }
            String w =
                    graph.external(
                            ElementType.FLOAT, weights.end(start), matrix.rows(), matrix.columns());
            products.add(graph.op("Gemm", List.of(x, w), Attribute.of("transB", 1)));
        }
        return products;
    }
}
