package dev.parlo.engine.whisper.graph;

import dev.parlo.engine.whisper.checkpoint.Checkpoint;
import dev.parlo.engine.whisper.checkpoint.WhisperConfig;
import dev.parlo.engine.whisper.checkpoint.WhisperShape;
import java.util.List;

/** The parts that encoder and decoder have in common. Shapes: {@code n} rows, {@code d} width. */
class Layers {
    private final GraphBuilder graph;
    private final Checkpoint checkpoint;
    private final Linear linear;
    private final float epsilon;

    /**
     * @param linear how matrices are multiplied; a subclass decides where vectors are kept
     */
    Layers(GraphBuilder graph, Checkpoint checkpoint, Linear linear) {
        this.graph = graph;
        this.checkpoint = checkpoint;
        this.linear = linear;
        WhisperConfig config = checkpoint.config();
        this.epsilon = config.layerNormEpsilon();
    }

    /**
     * The residual stream after a block.
     *
     * @param sum [n, d], before the norm
     * @param normed [n, d], what the next block reads
     */
    record Residual(String sum, String normed) {}

    /** A vector of the checkpoint. */
    String vector(String name, int size) {
        return graph.floats(checkpoint.variable(name, size).toFloats(), size);
    }

    final Matrix matrix(String name) {
        return Matrix.of(checkpoint.variable(name));
    }

    final Linear linear() {
        return linear;
    }

    /** LayerNorm, [n, d] to [n, d]. */
    final String norm(String x, String name) {
        int d = checkpoint.shape().width();
        return graph.op(
                "LayerNormalization",
                List.of(x, vector(name + "/gamma", d), vector(name + "/beta", d)),
                Attribute.of("epsilon", epsilon));
    }

    /**
     * Adds a block's output (before its bias) to the residual stream and norms the sum for the next
     * block.
     */
    final Residual addAndNorm(String output, String biasName, String sum, String nextNorm) {
        int d = checkpoint.shape().width();
        String normed = graph.fresh("normed");
        String total = graph.fresh("residual");
        graph.node(
                GraphBuilder.MICROSOFT,
                "SkipLayerNormalization",
                List.of(
                        output,
                        sum,
                        vector(nextNorm + "/gamma", d),
                        vector(nextNorm + "/beta", d),
                        vector(biasName, d)),
                List.of(normed, "", "", total),
                Attribute.of("epsilon", epsilon));
        return new Residual(total, normed);
    }

    /**
     * W1·gelu(W0·x + b0), without the last bias: [n, d] to [n, d]. GELU is the exact one, by erf.
     */
    final String feedForward(String x, String block) {
        WhisperShape shape = checkpoint.shape();
        String inner = linear.multiply(graph, x, matrix(block + "/linear_0/weight"));
        String bias = vector(block + "/linear_0/bias", shape.feedForwardWidth());
        return linear.multiply(
                graph,
                graph.msOp("BiasGelu", List.of(inner, bias)),
                matrix(block + "/linear_1/weight"));
    }
}
