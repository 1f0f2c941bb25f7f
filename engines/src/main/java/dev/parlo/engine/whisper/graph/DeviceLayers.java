package dev.parlo.engine.whisper.graph;

import dev.parlo.engine.whisper.checkpoint.Checkpoint;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The parts that a device's encoder and decoder have in common. */
final class DeviceLayers extends Layers {
    private final GraphBuilder graph;
    private final Checkpoint checkpoint;
    private final DeviceWeights weights;

    DeviceLayers(GraphBuilder graph, Checkpoint checkpoint, DeviceWeights weights) {
        super(graph, checkpoint, new Products(weights));
        this.graph = graph;
        this.checkpoint = checkpoint;
        this.weights = weights;
    }

    @Override
    String vector(String name, int size) {
        return weight(name, size);
    }

    /** One kernel of the device. */
    @Override
    String biasGelu(String x, String biasName, int size) {
        return graph.msOp("BiasGelu", List.of(x, vector(biasName, size)));
    }

    /** Any variable of the checkpoint as it is. */
    String weight(String name, int... dims) {
        long[] shape = Arrays.stream(dims).asLongStream().toArray();
        return weights.floats(graph, name, floats(name, dims), shape);
    }

    float[] floats(String name, int... dims) {
        return checkpoint.variable(name, dims).toFloats();
    }

    /** Matrices as the checkpoint has them, activations of the weights' type. */
    private record Products(DeviceWeights weights) implements Linear {
        @Override
        public List<String> multiply(GraphBuilder graph, String x, List<Matrix> matrices) {
            List<String> products = new ArrayList<>();
            for (Matrix matrix : matrices) {
                String w = weights.matrix(graph, matrix);
                products.add(graph.op("Gemm", List.of(x, w), Attribute.of("transB", 1)));
            }
            return products;
        }
    }
}
