package dev.parlo.engine.whisper.graph;

import java.util.List;

/** A way to multiply activations with weights: {@code y = x·Wᵀ}, no bias. */
interface Linear {
    /**
     * Adds the products of one input with several matrices, so that what is done to the input is
     * done once.
     *
     * @param x value of shape [rows, in]
     * @return values of shape [rows, out], one for each matrix
     */
    List<String> multiply(GraphBuilder graph, String x, List<Matrix> matrices);

    /** Adds one product. */
    default String multiply(GraphBuilder graph, String x, Matrix matrix) {
        return multiply(graph, x, List.of(matrix)).getFirst();
    }
}
