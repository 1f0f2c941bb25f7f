package dev.parlo.engine.speech;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import dev.parlo.engine.onnx.GraphParts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes models of Piper's interface whose output has a size or a value that no speech has. */
public final class SizedOutputs {
    private final GraphProto.Builder graph = GraphProto.newBuilder().setName("sized");

    private SizedOutputs() {
        graph.addInput(GraphParts.value("input", 7, 1, -1));
        graph.addInput(GraphParts.value("input_lengths", 7, 1));
        graph.addInput(GraphParts.value("scales", 1, 3));
    }

    /** An output of so many zeros, by a constant that the file holds. */
    public static void constant(Path file, long count) throws IOException {
        SizedOutputs model = new SizedOutputs();
        model.graph.addInitializer(GraphParts.longs("shape", 1, 1, 1, count));
        model.graph.addNode(GraphParts.node("ConstantOfShape", "output", "shape"));
        model.write(file, 1);
    }

    /** An output of so many numbers, by a sum that is made while the graph runs. */
    public static void computed(Path file, long count) throws IOException {
        SizedOutputs model = new SizedOutputs();
        model.graph.addInitializer(GraphParts.longs("half", count / 2));
        model.graph.addNode(GraphParts.node("Add", "whole", "half", "half"));
        // the input's length keeps the runtime from computing it when it loads
        model.graph.addNode(GraphParts.node("Mul", "given", "whole", "input_lengths"));
        model.graph.addNode(GraphParts.node("Div", "shape", "given", "input_lengths"));
        model.graph.addNode(GraphParts.node("ConstantOfShape", "output", "shape"));
        model.write(file, 1);
    }

    /** Four samples, each {@code numerator / 0}. */
    public static void quotient(Path file, float numerator) throws IOException {
        SizedOutputs model = new SizedOutputs();
        model.floats("numerator", numerator, numerator, numerator, numerator);
        model.floats("zero", 0, 0, 0, 0);
        model.graph.addNode(GraphParts.node("Div", "output", "numerator", "zero"));
        model.write(file, 1);
    }

    /** Whole numbers where audio should be. */
    public static void silent(Path file) throws IOException {
        SizedOutputs model = new SizedOutputs();
        model.graph.addNode(GraphParts.node("Identity", "output", "input"));
        model.write(file, 7);
    }

    /** A configuration for any of them. */
    public static String config() {
        return "{\"audio\":{\"sample_rate\":16000},\"espeak\":{\"voice\":\"en-us\"},"
                + "\"phoneme_type\":\"text\",\"num_speakers\":1,\"phoneme_id_map\":"
                + "{\"_\":[0],\"^\":[1],\"$\":[2],\" \":[3],\"a\":[4]}}";
    }

    private void floats(String name, float... values) {
        TensorProto.Builder tensor =
                TensorProto.newBuilder().setName(name).setDataType(1).addDims(values.length);
        for (float value : values) {
            tensor.addFloatData(value);
        }
        graph.addInitializer(tensor);
    }

    private void write(Path file, int type) throws IOException {
        graph.addOutput(GraphParts.valueOfAnyShape("output", type));
        Files.write(file, GraphParts.model(graph, 17).toByteArray());
    }
}
