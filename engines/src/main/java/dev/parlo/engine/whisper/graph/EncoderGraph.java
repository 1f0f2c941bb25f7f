package dev.parlo.engine.whisper.graph;

import dev.parlo.engine.whisper.checkpoint.Checkpoint;
import dev.parlo.engine.whisper.checkpoint.WeightFile;
import dev.parlo.engine.whisper.checkpoint.WhisperShape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The audio encoder with the cross-attention projections of all decoder layers: from the mel of one
 * window to what the decoder reads. Inputs {@code mel [1, bands, 2·m]} and {@code heard int64 [n]},
 * which of the m convolved positions stands at each of the window's n, 1 to 1500; outputs for each
 * decoder layer {@code cross_k_i [1, heads, n, 64]} and {@code cross_v_i [1, heads, 64, n]}, the
 * values transposed so that both products of a step read the large cache in order.
 *
 * <p>Reference: Radford et al., "Robust Speech Recognition via Large-Scale Weak Supervision"
 * (2022).
 */
final class EncoderGraph {
    private static final int AUDIO = WhisperShape.AUDIO_POSITIONS;
    private static final int HEAD = WhisperShape.HEAD_WIDTH;

    private final GraphBuilder graph;
    private final Checkpoint checkpoint;
    private final WhisperShape shape;
    private final Layers layers;

    private EncoderGraph(Checkpoint checkpoint, ComputePlan plan, WeightFile weights) {
        this.graph = new GraphBuilder("whisper-encoder", weights);
        this.checkpoint = checkpoint;
        this.shape = checkpoint.shape();
        this.layers = new Layers(graph, checkpoint, plan.encoderLinear());
    }

    /** Builds the graph and writes its weights. */
    static GraphBuilder build(Checkpoint checkpoint, ComputePlan plan, WeightFile weights) {
        EncoderGraph encoder = new EncoderGraph(checkpoint, plan, weights);
        String heard = encoder.graph.input(GraphNames.HEARD, ElementType.INT64, "n");
        encoder.crossProjections(
                encoder.layers.encoder(
                        encoder.stem(heard),
                        encoder.positions(heard),
                        (layer, x, block) -> encoder.selfAttention(x, block)));
        return encoder.graph;
    }

    /**
     * Two convolutions over time: [1, bands, 2·m] to [n, d]. Behind the audio there is silence up
     * to the end of the window, and all of it becomes the same row, which is computed once.
     */
    private String stem(String heard) {
        int d = shape.width();
        String mel = graph.input(GraphNames.MEL, ElementType.FLOAT, 1, shape.melBands(), "frames");
        String x = convolution(mel, "encoder/conv1", shape.melBands(), 1);
        x = convolution(x, "encoder/conv2", d, 2);
        x = graph.op("Transpose", List.of(x), Attribute.of("perm", new long[] {0, 2, 1}));
        x = graph.op("Reshape", List.of(x, graph.longs(-1, d)));
        return graph.op("Gather", List.of(x, heard), Attribute.of("axis", 0));
    }

    /** The first n positions, [n, d]. */
    private String positions(String heard) {
        int d = shape.width();
        float[] positions =
                checkpoint.variable("encoder/position_encodings/encodings", AUDIO, d).toFloats();
        return graph.op(
                "Slice",
                List.of(
                        graph.floats(positions, AUDIO, d),
                        graph.longs(0),
                        graph.op("Shape", List.of(heard)),
                        graph.longs(0)));
    }

    private String convolution(String x, String name, int channels, int stride) {
        int d = shape.width();
        String w =
                graph.floats(
                        checkpoint.variable(name + "/weight", d, channels, 3).toFloats(),
                        d,
                        channels,
                        3);
        String y =
                graph.op(
                        "Conv",
                        List.of(x, w, layers.vector(name + "/bias", d)),
                        Attribute.of("kernel_shape", new long[] {3}),
                        Attribute.of("pads", new long[] {1, 1}),
                        Attribute.of("strides", new long[] {stride}));
        return graph.op("Gelu", List.of(y), Attribute.of("approximate", "none"));
    }

    /**
     * Every position sees every other, padding too: [n, d] to [n, d], without the output's bias.
     */
    private String selfAttention(String x, String block) {
        int d = shape.width();
        Matrix qkv = layers.matrix(block + "/linear_0/weight");
        List<String> projected =
                layers.linear()
                        .multiply(
                                graph,
                                x,
                                List.of(qkv.slice(0, d), qkv.slice(d, d), qkv.slice(2 * d, d)));
        String batched = graph.longs(1, -1, d);
        List<String> inputs =
                projected.stream().map(p -> graph.op("Reshape", List.of(p, batched))).toList();
        String attended =
                graph.msOp(
                        "MultiHeadAttention",
                        List.of(
                                inputs.get(0),
                                inputs.get(1),
                                inputs.get(2),
                                layers.vector(block + "/linear_0/bias", 3 * d)),
                        Attribute.of("num_heads", shape.heads()));
        String flat = graph.op("Reshape", List.of(attended, graph.longs(-1, d)));
        return layers.linear().multiply(graph, flat, layers.matrix(block + "/linear_1/weight"));
    }

    /**
     * Keys and values of every decoder layer. The keys' bias is left out: it adds the same to all
     * scores of a query, which softmax does not see.
     */
    private void crossProjections(String encoded) {
        int d = shape.width();
        int heads = shape.heads();
        List<Matrix> matrices = new ArrayList<>();
        for (int i = 0; i < shape.decoderLayers(); i++) {
            Matrix keysAndValues =
                    layers.matrix("decoder/layer_" + i + "/attention/linear_1/weight");
            matrices.add(keysAndValues.slice(0, d));
            matrices.add(keysAndValues.slice(d, d));
        }
        List<String> products = layers.linear().multiply(graph, encoded, matrices);
        String split = graph.longs(1, -1, heads, HEAD);
        for (int i = 0; i < shape.decoderLayers(); i++) {
            String keys = graph.op("Reshape", List.of(products.get(2 * i), split));
            graph.node(
                    "",
                    "Transpose",
                    List.of(keys),
                    List.of(GraphNames.crossKeys(i)),
                    Attribute.of("perm", new long[] {0, 2, 1, 3}));
            graph.declareOutput(GraphNames.crossKeys(i), ElementType.FLOAT, 1, heads, "n", HEAD);
            String values = graph.op("Add", List.of(products.get(2 * i + 1), valueBias(i)));
            graph.node(
                    "",
                    "Transpose",
                    List.of(graph.op("Reshape", List.of(values, split))),
                    List.of(GraphNames.crossValues(i)),
                    Attribute.of("perm", new long[] {0, 2, 3, 1}));
            graph.declareOutput(GraphNames.crossValues(i), ElementType.FLOAT, 1, heads, HEAD, "n");
        }
    }

    private String valueBias(int layer) {
        int d = shape.width();
        float[] bias =
                checkpoint
                        .variable("decoder/layer_" + layer + "/attention/linear_1/bias", 2 * d)
                        .toFloats();
        return graph.floats(Arrays.copyOfRange(bias, d, 2 * d), d);
    }
}
