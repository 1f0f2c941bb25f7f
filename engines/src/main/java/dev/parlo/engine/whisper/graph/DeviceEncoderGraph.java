package dev.parlo.engine.whisper.graph;

import dev.parlo.engine.whisper.checkpoint.Checkpoint;
import dev.parlo.engine.whisper.checkpoint.WhisperShape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The audio encoder for any number of windows at once, with the cross-attention projections of all
 * decoder layers. Input {@code mel [windows, bands, 3000]} as floats; outputs for each decoder
 * layer {@code cross_k_i} and {@code cross_v_i [windows, 1500, d]}, in the order in which the
 * projections write them.
 */
final class DeviceEncoderGraph {
    private static final int AUDIO = WhisperShape.AUDIO_POSITIONS;
    private static final int TAPS = 3;

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
        encoder.crossProjections(
                encoder.layers.encoder(
                        encoder.stem(), (layer, x, block) -> encoder.selfAttention(x, block)));
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
        x = graph.op("Transpose", List.of(x), Attribute.of("perm", new long[] {0, 2, 1}));
        x = convolution(x, "encoder/conv1", shape.melBands(), WhisperShape.WINDOW_FRAMES, 1);
        x = convolution(x, "encoder/conv2", d, WhisperShape.WINDOW_FRAMES, 2);
        String positions = layers.weight("encoder/position_encodings/encodings", AUDIO, d);
        return flat(graph.op("Add", List.of(x, positions)));
    }

    /**
     * A convolution over three frames as one matrix product: cuDNN is not needed then, nor its
     * search for an algorithm. [windows, frames, channels] to [windows, frames / stride, d].
     */
    private String convolution(String x, String name, int channels, int frames, int stride) {
        int d = shape.width();
        String padded = graph.op("Pad", List.of(x, graph.longs(0, 1, 0, 0, 1, 0)));
        List<String> taps = new ArrayList<>();
        for (int tap = 0; tap < TAPS; tap++) {
            taps.add(
                    graph.op(
                            "Slice",
                            List.of(
                                    padded,
                                    graph.longs(tap),
                                    graph.longs(tap + frames),
                                    graph.longs(1),
                                    graph.longs(stride))));
        }
        String seen = graph.op("Concat", taps, Attribute.of("axis", 2));
        String product =
                graph.op(
                        "Gemm",
                        List.of(
                                graph.op(
                                        "Reshape", List.of(seen, graph.longs(-1, TAPS * channels))),
                                byTaps(name, channels)),
                        Attribute.of("transB", 1));
        String y = graph.msOp("BiasGelu", List.of(product, layers.vector(name + "/bias", d)));
        return graph.op("Reshape", List.of(y, graph.longs(-1, frames / stride, d)));
    }

    /** The weights [d, channels, taps] as [d, taps · channels]. */
    private String byTaps(String name, int channels) {
        int d = shape.width();
        float[] values = layers.floats(name + "/weight", d, channels, TAPS);
        float[] ordered = new float[values.length];
        for (int out = 0; out < d; out++) {
            for (int channel = 0; channel < channels; channel++) {
                for (int tap = 0; tap < TAPS; tap++) {
                    ordered[(out * TAPS + tap) * channels + channel] =
                            values[(out * channels + channel) * TAPS + tap];
                }
            }
        }
        return weights.floats(graph, name + "/weight by taps", ordered, d, (long) TAPS * channels);
    }

    /**
     * Every position sees every other of its window, without the output's bias. The keys' bias is
     * left out: it adds the same to all scores of a query, which softmax does not see.
     */
    private String selfAttention(String x, String block) {
        int d = shape.width();
        Matrix qkv = layers.matrix(block + "/linear_0/weight");
        List<String> products =
                layers.linear()
                        .multiply(
                                graph,
                                x,
                                List.of(qkv.slice(0, d), qkv.slice(d, d), qkv.slice(2 * d, d)));
        String bias = block + "/linear_0/bias";
        String queries = graph.op("Add", List.of(products.get(0), part(bias, "queries", 0, 3)));
        String values = graph.op("Add", List.of(products.get(2), part(bias, "values", 2, 3)));
        String attended =
                graph.op(
                        "Attention",
                        List.of(windows(queries), windows(products.get(1)), windows(values)),
                        Attribute.of("q_num_heads", shape.heads()),
                        Attribute.of("kv_num_heads", shape.heads()));
        return layers.linear()
                .multiply(graph, flat(attended), layers.matrix(block + "/linear_1/weight"));
    }

    /** One of several biases that the checkpoint has in one vector. */
    private String part(String name, String what, int index, int parts) {
        int d = shape.width();
        float[] all = layers.floats(name, parts * d);
        float[] bias = Arrays.copyOfRange(all, index * d, (index + 1) * d);
        return weights.floats(graph, name + " of " + what, bias, d);
    }

    /** Without the keys' bias, as above. */
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
            String values =
                    graph.op(
                            "Add",
                            List.of(products.getLast(), part(block + "/bias", "values", 1, 2)));
            cross(GraphNames.crossValues(i), values);
        }
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
