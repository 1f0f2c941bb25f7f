package dev.parlo.engine.onnx;

import static dev.parlo.engine.onnx.GraphParts.longs;
import static dev.parlo.engine.onnx.GraphParts.model;
import static dev.parlo.engine.onnx.GraphParts.node;
import static dev.parlo.engine.onnx.GraphParts.scalar;
import static dev.parlo.engine.onnx.GraphParts.value;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A network {@code samples [batch, n]} → {@code embedding [1, 4]} that goes in circles: so many
 * times for each sample beyond a number of them.
 */
final class LoopModel {
    private static final int FLOAT = TensorProto.DataType.FLOAT_VALUE;
    private static final int INT64 = TensorProto.DataType.INT64_VALUE;
    private static final int BOOL = TensorProto.DataType.BOOL_VALUE;

    private LoopModel() {}

    /**
     * @param free samples for which it does not
     * @param each turns for each sample beyond
     * @param width of the matrices that each turn multiplies; 0 for a turn of next to no work
     */
    static void write(Path file, long free, long each, int width) throws IOException {
        GraphProto.Builder body =
                GraphProto.newBuilder()
                        .setName("turn")
                        .addInput(value("turn", INT64))
                        .addInput(value("more", BOOL))
                        .addInput(value("x", FLOAT, 1, 4))
                        .addNode(node("Identity", "goes_on", "more"));
        if (width == 0) {
            body.addNode(node("Mul", "y", "x", "half"));
        } else {
            // Of the turn's number, or the matrices would be multiplied when the model is loaded.
            body.addNode(node("Add", "sizes", "square", "turn"))
                    .addNode(node("ConstantOfShape", "zeros", "sizes"))
                    .addNode(node("MatMul", "product", "zeros", "zeros"))
                    .addNode(node("ReduceMax", "mean", "product"))
                    .addNode(node("Add", "y", "x", "mean"));
        }
        body.addOutput(value("goes_on", BOOL)).addOutput(value("y", FLOAT, 1, 4));
        GraphProto.Builder graph =
                GraphProto.newBuilder()
                        .setName("loop")
                        .addInput(value("samples", FLOAT, -1, -1))
                        .addInitializer(scalar("one", 1))
                        .addInitializer(scalar("free", free))
                        .addInitializer(scalar("each", each))
                        .addInitializer(scalar("zero", 0))
                        .addInitializer(longs("square", width, width))
                        .addInitializer(floats("half", 0.5f))
                        .addInitializer(floats("start", 1, 2, 3, 4))
                        .addNode(node("Shape", "shape", "samples"))
                        .addNode(node("Gather", "count", "shape", "one"))
                        .addNode(node("Sub", "beyond", "count", "free"))
                        .addNode(node("Max", "some", "beyond", "zero"))
                        .addNode(node("Mul", "turns", "some", "each"))
                        .addNode(
                                NodeProto.newBuilder()
                                        .setOpType("Loop")
                                        .setName("loop")
                                        .addInput("turns")
                                        .addInput("")
                                        .addInput("start")
                                        .addOutput("embedding")
                                        .addAttribute(
                                                AttributeProto.newBuilder()
                                                        .setName("body")
                                                        .setType(AttributeProto.AttributeType.GRAPH)
                                                        .setG(body)))
                        .addOutput(value("embedding", FLOAT, 1, 4));
        Files.write(file, model(graph, 13).toByteArray());
    }

    private static TensorProto floats(String name, float... values) {
        TensorProto.Builder tensor = TensorProto.newBuilder().setName(name).setDataType(FLOAT);
        if (values.length > 1) {
            tensor.addDims(1).addDims(values.length);
        }
        for (float one : values) {
            tensor.addFloatData(one);
        }
        return tensor.build();
    }
}
