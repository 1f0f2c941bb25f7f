package dev.parlo.engine.whisper.graph;

import dev.parlo.engine.whisper.checkpoint.Checkpoint;
import dev.parlo.engine.whisper.checkpoint.WhisperShape;
import java.util.List;

/**
 * The audio encoder for any number of windows at once, with the cross-attention projections of all
 * decoder layers. Input {@code mel [windows, bands, 3000]} as floats; outputs for each decoder
 * layer {@code cross_k_i} and {@code cross_v_i [windows, 1500, d]}, in the order in which the
 * projections write them.
 */
final class DeviceEncoderGraph {
    private static final int AUDIO = WhisperShape.AUDIO_POSITIONS;

    private final GraphBuilder graph;
    private final WhisperShape shape;
    private final DeviceWeights weights;
    private final DeviceLayers layers;

    private DeviceEncoderGraph(Checkpoint checkpoint, GraphBuilder graph, DeviceWeights weights) {
        this.graph = graph;
        this.shape = checkpoint.shape();
        this.weights = weights;
        this.layers = new DeviceLayers(graph, checkpoint, weights);
    }

    static void build(Checkpoint checkpoint, GraphBuilder graph, DeviceWeights weights) {
        DeviceEncoderGraph encoder = new DeviceEncoderGraph(checkpoint, graph, weights);
        encoder.crossProjections(encoder.encode(encoder.stem()));
    }

    /** Two convolutions over time and the positions, to [windows·1500, d]. */
    private String stem() {
        int d = shape.width();
        String mel =
                graph.input(
                        GraphNames.MEL,
                        ElementType.FLOAT,
                        "windows",
                        shape.melBands(),
                        WhisperShape.WINDOW_FRAMES);
        String x =
                weights.type() == ElementType.FLOAT
                        ? mel
                        : graph.op("Cast", List.of(mel), Attribute.of("to", weights.type().id()));
        x = convolution(x, "encoder/conv1", shape.melBands(), 1);
        x = convolution(x, "encoder/conv2", d, 2);
        x = graph.op("Transpose", List.of(x), Attribute.of("perm", new long[] {0, 2, 1}));
        String positions = layers.weight("encoder/position_encodings/encodings", AUDIO, d);
        return flat(graph.op("Add", List.of(x, positions)));
    }

    private String convolution(String x, String name, int channels, int stride) {
        int d = shape.width();
        String y =
                graph.op(
                        "Conv",
                        List.of(
                                x,
                                layers.weight(name + "/weight", d, channels, 3),
                                layers.vector(name + "/bias", d)),
                        Attribute.of("kernel_shape", new long[] {3}),
                        Attribute.of("pads", new long[] {1, 1}),
                        Attribute.of("strides", new long[] {stride}));
        return graph.op("Gelu", List.of(y), Attribute.of("approximate", "none"));
    }

    private String encode(String x) {
        Layers.Residual r =
                new Layers.Residual(x, layers.norm(x, "encoder/layer_0/self_attention/layer_norm"));
        for (int i = 0; i < shape.encoderLayers(); i++) {
            String layer = "encoder/layer_" + i;
            r =
                    layers.addAndNorm(
                            selfAttention(r.normed(), layer + "/self_attention"),
                            layer + "/self_attention/linear_1/bias",
                            r.sum(),
                            layer + "/ffn/layer_norm");
            String next =
                    i + 1 < shape.encoderLayers()
                            ? "encoder/layer_" + (i + 1) + "/self_attention/layer_norm"
                            : "encoder/layer_norm";
            r =
                    layers.addAndNorm(
                            layers.feedForward(r.normed(), layer + "/ffn"),
                            layer + "/ffn/linear_1/bias",
                            r.sum(),
                            next);
        }
        return r.normed();
    }

    /** Every position sees every other of its window, without the output's bias. */
    private String selfAttention(String x, String block) {
        int d = shape.width();
        Matrix qkv = layers.matrix(block + "/linear_0/weight");
        List<String> inputs =
                layers
                        .linear()
                        .multiply(
                                graph,
                                x,
                                List.of(qkv.slice(0, d), qkv.slice(d, d), qkv.slice(2 * d, d)))
                        .stream()
                        .map(this::windows)
                        .toList();
        String attended =
                graph.msOp(
                        "MultiHeadAttention",
                        List.of(
                                inputs.get(0),
                                inputs.get(1),
                                inputs.get(2),
                                layers.vector(block + "/linear_0/bias", 3 * d)),
                        Attribute.of("num_heads", shape.heads()));
        return layers.linear()
                .multiply(graph, flat(attended), layers.matrix(block + "/linear_1/weight"));
    }

    /** The keys' bias is left out: softmax does not see what all scores of a query have alike. */
    private void crossProjections(String encoded) {
        int d = shape.width();
        for (int i = 0; i < shape.decoderLayers(); i++) {
            String block = "decoder/layer_" + i + "/attention/linear_1";
            Matrix keysAndValues = layers.matrix(block + "/weight");
            List<String> products =
                    layers.linear()
                            .multiply(
                                    graph,
                                    encoded,
                                    List.of(keysAndValues.slice(0, d), keysAndValues.slice(d, d)));
            cross(GraphNames.crossKeys(i), products.getFirst());
            String values = graph.op("Add", List.of(products.getLast(), valueBias(block, d)));
            cross(GraphNames.crossValues(i), values);
        }
    }

    private String valueBias(String block, int d) {
        float[] both = layers.floats(block + "/bias", 2 * d);
        float[] bias = java.util.Arrays.copyOfRange(both, d, 2 * d);
        return weights.floats(graph, block + "/bias of values", bias, d);
    }

    private void cross(String name, String projected) {
        String split = graph.longs(-1, AUDIO, shape.width());
        graph.node("", "Reshape", List.of(projected, split), List.of(name));
        graph.declareOutput(name, weights.type(), "windows", AUDIO, shape.width());
    }

    private String windows(String flat) {
        return graph.op("Reshape", List.of(flat, graph.longs(-1, AUDIO, shape.width())));
    }

    private String flat(String windows) {
        return graph.op("Reshape", List.of(windows, graph.longs(-1, shape.width())));
    }
}
