package dev.parlo.engine.speech;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Writes models of Piper's interface whose output has a size or a value that no speech has. */
public final class SizedOutputs {
    private final GraphProto.Builder graph = GraphProto.newBuilder().setName("sized");

    private SizedOutputs() {
        input("input", 7, 1, -1);
        input("input_lengths", 7, 1);
        input("scales", 1, 3);
    }

    /** An output of so many zeros, by a constant that the file holds. */
    public static void constant(Path file, long count) throws IOException {
        SizedOutputs model = new SizedOutputs();
        model.longs("shape", 1, 1, 1, count);
        model.node("ConstantOfShape", "output", "shape");
        model.write(file, 1);
    }

    /** An output of so many numbers, by a sum that is made while the graph runs. */
    public static void computed(Path file, long count) throws IOException {
        SizedOutputs model = new SizedOutputs();
        model.longs("half", count / 2);
        model.node("Add", "whole", "half", "half");
        // the input's length keeps the runtime from computing it when it loads
        model.node("Mul", "given", "whole", "input_lengths");
        model.node("Div", "shape", "given", "input_lengths");
        model.node("ConstantOfShape", "output", "shape");
        model.write(file, 1);
    }

    /** Four samples, each {@code numerator / 0}. */
    public static void quotient(Path file, float numerator) throws IOException {
        SizedOutputs model = new SizedOutputs();
        model.floats("numerator", numerator, numerator, numerator, numerator);
        model.floats("zero", 0, 0, 0, 0);
        model.node("Div", "output", "numerator", "zero");
        model.write(file, 1);
    }

    /** Whole numbers where audio should be. */
    public static void silent(Path file) throws IOException {
        SizedOutputs model = new SizedOutputs();
        model.node("Identity", "output", "input");
        model.write(file, 7);
    }

    /** A configuration for any of them. */
    public static String config() {
        return "{\"audio\":{\"sample_rate\":16000},\"espeak\":{\"voice\":\"en-us\"},"
                + "\"phoneme_type\":\"text\",\"num_speakers\":1,\"phoneme_id_map\":"
                + "{\"_\":[0],\"^\":[1],\"$\":[2],\" \":[3],\"a\":[4]}}";
    }

    private void node(String operator, String output, String... inputs) {
        graph.addNode(
                NodeProto.newBuilder()
                        .setOpType(operator)
                        .setName(output)
                        .addOutput(output)
                        .addAllInput(List.of(inputs)));
    }

    private void longs(String name, long... values) {
        TensorProto.Builder tensor =
                TensorProto.newBuilder().setName(name).setDataType(7).addDims(values.length);
        for (long value : values) {
            tensor.addInt64Data(value);
        }
        graph.addInitializer(tensor);
    }

    private void floats(String name, float... values) {
        TensorProto.Builder tensor =
                TensorProto.newBuilder().setName(name).setDataType(1).addDims(values.length);
        for (float value : values) {
            tensor.addFloatData(value);
        }
        graph.addInitializer(tensor);
    }

    private void input(String name, int type, long... dims) {
        TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
        for (long dim : dims) {
            TensorShapeProto.Dimension.Builder one = TensorShapeProto.Dimension.newBuilder();
            shape.addDim(dim < 0 ? one.setDimParam("n") : one.setDimValue(dim));
        }
        TypeProto.Tensor.Builder tensor =
                TypeProto.Tensor.newBuilder().setElemType(type).setShape(shape);
        graph.addInput(
                ValueInfoProto.newBuilder()
                        .setName(name)
                        .setType(TypeProto.newBuilder().setTensorType(tensor)));
    }

    private void write(Path file, int type) throws IOException {
        graph.addOutput(
                ValueInfoProto.newBuilder()
                        .setName("output")
                        .setType(
                                TypeProto.newBuilder()
                                        .setTensorType(
                                                TypeProto.Tensor.newBuilder().setElemType(type))));
        ModelProto model =
                ModelProto.newBuilder()
                        .setIrVersion(8)
                        .addOpsetImport(
                                OperatorSetIdProto.newBuilder().setDomain("").setVersion(17))
                        .setGraph(graph)
                        .build();
        Files.write(file, model.toByteArray());
    }
}
