package dev.parlo.engine.whisper.graph;

import dev.parlo.engine.whisper.checkpoint.Checkpoint;
import dev.parlo.engine.whisper.checkpoint.WhisperConfig;
import dev.parlo.engine.whisper.checkpoint.WhisperShape;
import java.util.ArrayList;
import java.util.List;

/** The parts that encoder and decoder have in common. Shapes: {@code n} rows, {@code d} width. */
class Layers {
    /** 1/√64, the scale of all scores; exact as a power of two. */
    static final float ATTENTION_SCALE = 0.125f;

    private final GraphBuilder graph;
    private final Checkpoint checkpoint;
    private final Linear linear;
    private final float epsilon;

    /** How a block attends: [n, d] to [n, d], without the output's bias. */
    @FunctionalInterface
    interface Attention {
        String attend(int layer, String x, String block);
    }

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
    private record Residual(String sum, String normed) {}

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

    /** All layers of the encoder and the final norm: [n, d] to [n, d]. */
    final String encoder(String x, Attention self) {
        return encoder(begin(x, "encoder"), self);
    }

    /**
     * All layers of the encoder and the final norm. The positions are added where the sum is
     * normed: on a processor that takes a fifth of a norm by itself.
     *
     * @param x [n, d]
     * @param positions [n, d]
     */
    final String encoder(String x, String positions, Attention self) {
        return encoder(addAndNorm(List.of(x, positions), firstNorm("encoder")), self);
    }

    private String encoder(Residual begin, Attention self) {
        Residual r = begin;
        for (int i = 0; i < checkpoint.shape().encoderLayers(); i++) {
            String layer = "encoder/layer_" + i;
            r = selfAttention(i, r, layer, self, layer + "/ffn/layer_norm");
            r = feedForward(r, layer, after("encoder", i, checkpoint.shape().encoderLayers()));
        }
        return r.normed();
    }

    /** All layers of the decoder and the final norm: [n, d] to [n, d]. */
    final String decoder(String x, Attention self, Attention cross) {
        Residual r = begin(x, "decoder");
        for (int i = 0; i < checkpoint.shape().decoderLayers(); i++) {
            String layer = "decoder/layer_" + i;
            r = selfAttention(i, r, layer, self, layer + "/attention/layer_norm");
            r =
                    addAndNorm(
                            cross.attend(i, r.normed(), layer + "/attention"),
                            layer + "/attention/linear_2/bias",
                            r.sum(),
                            layer + "/ffn/layer_norm");
            r = feedForward(r, layer, after("decoder", i, checkpoint.shape().decoderLayers()));
        }
        return r.normed();
    }

    private Residual begin(String x, String stack) {
        return new Residual(x, norm(x, firstNorm(stack)));
    }

    private static String firstNorm(String stack) {
        return stack + "/layer_0/self_attention/layer_norm";
    }

    /** The norm behind a layer: the next one's first, or the stack's own. */
    private static String after(String stack, int layer, int layers) {
        return layer + 1 < layers
                ? stack + "/layer_" + (layer + 1) + "/self_attention/layer_norm"
                : stack + "/layer_norm";
    }

    private Residual selfAttention(
            int i, Residual r, String layer, Attention self, String nextNorm) {
        String block = layer + "/self_attention";
        return addAndNorm(
                self.attend(i, r.normed(), block), block + "/linear_1/bias", r.sum(), nextNorm);
    }

    private Residual feedForward(Residual r, String layer, String nextNorm) {
        String block = layer + "/ffn";
        return addAndNorm(
                feedForward(r.normed(), block), block + "/linear_1/bias", r.sum(), nextNorm);
    }

    /** LayerNorm, [n, d] to [n, d]. */
    private String norm(String x, String name) {
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
    private Residual addAndNorm(String output, String biasName, String sum, String nextNorm) {
        String bias = vector(biasName, checkpoint.shape().width());
        return addAndNorm(List.of(output, sum, bias), nextNorm);
    }

    /**
     * @param addends two of [n, d], and perhaps a vector
     */
    private Residual addAndNorm(List<String> addends, String norm) {
        int d = checkpoint.shape().width();
        String normed = graph.fresh("normed");
        String total = graph.fresh("residual");
        List<String> inputs = new ArrayList<>(addends);
        inputs.addAll(2, List.of(vector(norm + "/gamma", d), vector(norm + "/beta", d)));
        graph.node(
                GraphBuilder.MICROSOFT,
                "SkipLayerNormalization",
                inputs,
                List.of(normed, "", "", total),
                Attribute.of("epsilon", epsilon));
        return new Residual(total, normed);
    }

    /**
     * W1·gelu(W0·x + b0), without the last bias: [n, d] to [n, d]. GELU is the exact one, by erf.
     */
    private String feedForward(String x, String block) {
        WhisperShape shape = checkpoint.shape();
        String inner = linear.multiply(graph, x, matrix(block + "/linear_0/weight"));
        return linear.multiply(
                graph,
                biasGelu(inner, block + "/linear_0/bias", shape.feedForwardWidth()),
                matrix(block + "/linear_1/weight"));
    }

    /**
     * gelu(x + bias), [n, size]. ONNX Runtime's BiasGelu takes twice as long on a processor as its
     * Gelu, and would be put in its place if the bias were a vector.
     */
    String biasGelu(String x, String biasName, int size) {
        String bias = graph.floats(checkpoint.variable(biasName, size).toFloats(), 1, size);
        return graph.op(
                "Gelu",
                List.of(graph.op("Add", List.of(x, bias))),
                Attribute.of("approximate", "none"));
    }
}
