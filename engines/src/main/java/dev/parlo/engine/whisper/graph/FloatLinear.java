package dev.parlo.engine.whisper.graph;

import java.util.ArrayList;
import java.util.List;

/** Weights and activations as 32-bit floats. */
final class FloatLinear implements Linear {
    @Override
    public List<String> multiply(GraphBuilder graph, String x, List<Matrix> matrices) {
        List<String> products = new ArrayList<>();
        for (Matrix matrix : matrices) {
            String w =
                    graph.external(
                            ElementType.FLOAT,
                            graph.floats(matrix),
                            matrix.rows(),
                            matrix.columns());
            products.add(graph.op("Gemm", List.of(x, w), Attribute.of("transB", 1)));
        }
        return products;
    }
}
