package dev.parlo.engine.whisper.graph;

import ai.onnx.proto.OnnxMl;
import dev.parlo.engine.whisper.checkpoint.WeightFile;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Builds an ONNX model node by node; weights go to a side file that the model refers to. Value
 * names are made up as it goes, so that a graph reads like the computation it is. Not thread-safe.
 */
final class GraphBuilder {
    static final String MICROSOFT = "com.microsoft";
    private static final long IR_VERSION = 10;
    private static final long OPSET = 21;

    private final OnnxMl.GraphProto.Builder graph;
    private final long opset;
    private final WeightFile weights;
    private final Set<String> inputs = new HashSet<>();
    private int names;

    GraphBuilder(String name, WeightFile weights) {
        this(name, OPSET, weights);
    }

    /**
     * @param opset version of ONNX's own operators
     */
    GraphBuilder(String name, long opset, WeightFile weights) {
        this.graph = OnnxMl.GraphProto.newBuilder().setName(name);
        this.opset = opset;
        this.weights = weights;
    }

    WeightFile weights() {
        return weights;
    }

    /** Appends a matrix to the weights as 32-bit floats, row by row. */
    WeightFile.ByteRange floats(Matrix matrix) {
        long start = weights.begin();
        matrix.forEachRow(weights::append);
        return weights.end(start);
    }

    /** Declares an input, once; a dimension is a number or, where it varies, a name. */
    String input(String name, ElementType type, Object... dims) {
        if (inputs.add(name)) {
            graph.addInput(value(name, type, dims));
        }
        return name;
    }

    /** Makes a value an output under a name of its own. */
    void output(String value, String name, ElementType type, Object... dims) {
        graph.addNode(
                OnnxMl.NodeProto.newBuilder()
                        .setOpType("Identity")
                        .addInput(value)
                        .addOutput(name));
        graph.addOutput(value(name, type, dims));
    }

    /** Declares that a node's output, already called {@code name}, leaves the graph. */
    void declareOutput(String name, ElementType type, Object... dims) {
        graph.addOutput(value(name, type, dims));
    }

    private static OnnxMl.ValueInfoProto value(String name, ElementType type, Object... dims) {
        OnnxMl.TensorShapeProto.Builder shape = OnnxMl.TensorShapeProto.newBuilder();
        for (Object dim : dims) {
            if (dim instanceof Number number) {
                shape.addDimBuilder().setDimValue(number.longValue());
            } else {
                shape.addDimBuilder().setDimParam(dim.toString());
            }
        }
        return OnnxMl.ValueInfoProto.newBuilder()
                .setName(name)
                .setType(
                        OnnxMl.TypeProto.newBuilder()
                                .setTensorType(
                                        OnnxMl.TypeProto.Tensor.newBuilder()
                                                .setElemType(type.id())
                                                .setShape(shape)))
                .build();
    }

    /** Adds a node of ONNX's own domain with one output. */
    String op(String type, List<String> inputs, OnnxMl.AttributeProto... attributes) {
        String output = type + "_" + names++;
        node("", type, inputs, List.of(output), attributes);
        return output;
    }

    /** Adds a node of ONNX Runtime's domain with one output. */
    String msOp(String type, List<String> inputs, OnnxMl.AttributeProto... attributes) {
        String output = type + "_" + names++;
        node(MICROSOFT, type, inputs, List.of(output), attributes);
        return output;
    }

    /** Adds a node with outputs of given names; an empty name is an output that is not used. */
    void node(
            String domain,
            String type,
            List<String> inputs,
            List<String> outputs,
            OnnxMl.AttributeProto... attributes) {
        graph.addNode(
                OnnxMl.NodeProto.newBuilder()
                        .setDomain(domain)
                        .setOpType(type)
                        .setName(type + "#" + graph.getNodeCount())
                        .addAllInput(inputs)
                        .addAllOutput(outputs)
                        .addAllAttribute(List.of(attributes)));
    }

    /** A name that nothing else has. */
    String fresh(String stem) {
        return stem + "_" + names++;
    }

    /** An int32 vector within the graph. */
    String ints(int... values) {
        OnnxMl.TensorProto.Builder tensor =
                OnnxMl.TensorProto.newBuilder()
                        .setDataType(ElementType.INT32.id())
                        .addDims(values.length);
        for (int value : values) {
            tensor.addInt32Data(value);
        }
        return initializer(tensor, "ints");
    }

    /** An int64 vector within the graph. */
    String longs(long... values) {
        OnnxMl.TensorProto.Builder tensor =
                OnnxMl.TensorProto.newBuilder()
                        .setDataType(ElementType.INT64.id())
                        .addDims(values.length);
        for (long value : values) {
            tensor.addInt64Data(value);
        }
        return initializer(tensor, "longs");
    }

    /** A uint8 scalar within the graph. */
    String byteScalar(int value) {
        return initializer(
                OnnxMl.TensorProto.newBuilder()
                        .setDataType(ElementType.UINT8.id())
                        .addInt32Data(value),
                "byte");
    }

    /** A float scalar within the graph. */
    String scalar(float value) {
        return initializer(
                OnnxMl.TensorProto.newBuilder()
                        .setDataType(ElementType.FLOAT.id())
                        .addFloatData(value),
                "scalar");
    }

    private String initializer(OnnxMl.TensorProto.Builder tensor, String stem) {
        String name = fresh(stem);
        graph.addInitializer(tensor.setName(name));
        return name;
    }

    /** A tensor of the side file. */
    String external(ElementType type, WeightFile.ByteRange span, long... dims) {
        OnnxMl.TensorProto.Builder tensor =
                OnnxMl.TensorProto.newBuilder()
                        .setDataType(type.id())
                        .setDataLocation(OnnxMl.TensorProto.DataLocation.EXTERNAL);
        for (long dim : dims) {
            tensor.addDims(dim);
        }
        entry(tensor, "location", weights.name());
        entry(tensor, "offset", Long.toString(span.offset()));
        entry(tensor, "length", Long.toString(span.length()));
        return initializer(tensor, "weight");
    }

    private static void entry(OnnxMl.TensorProto.Builder tensor, String key, String value) {
        tensor.addExternalData(
                OnnxMl.StringStringEntryProto.newBuilder().setKey(key).setValue(value));
    }

    /** Floats of the side file. */
    String floats(float[] values, long... dims) {
        long start = weights.begin();
        weights.append(values);
        return external(ElementType.FLOAT, weights.end(start), dims);
    }

    /** Writes the model. */
    void write(Path file) {
        OnnxMl.ModelProto model =
                OnnxMl.ModelProto.newBuilder()
                        .setIrVersion(IR_VERSION)
                        .setProducerName("parlo")
                        .addOpsetImport(
                                OnnxMl.OperatorSetIdProto.newBuilder()
                                        .setDomain("")
                                        .setVersion(opset))
                        .addOpsetImport(
                                OnnxMl.OperatorSetIdProto.newBuilder()
                                        .setDomain(MICROSOFT)
                                        .setVersion(1))
                        .setGraph(graph)
                        .build();
        try (OutputStream out = Files.newOutputStream(file)) {
            model.writeTo(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
