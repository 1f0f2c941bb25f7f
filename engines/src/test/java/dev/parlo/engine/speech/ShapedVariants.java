package dev.parlo.engine.speech;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Other exports of a graph, made from it: names, outputs and numbers changed as the published ones
 * differ. Not thread-safe.
 */
public final class ShapedVariants {
    private static final int FLOAT = 1;
    private static final int FLOAT16 = 10;

    private final ModelProto.Builder model;
    private final GraphProto.Builder graph;

    private ShapedVariants(Path file) throws IOException {
        model = ModelProto.parseFrom(Files.readAllBytes(file)).toBuilder();
        graph = model.getGraphBuilder();
    }

    /** Begins with a graph. */
    public static ShapedVariants of(Path file) throws IOException {
        return new ShapedVariants(file);
    }

    /** Gives a tensor another name wherever it occurs. */
    public ShapedVariants renamed(String from, String to) {
        for (NodeProto.Builder node : graph.getNodeBuilderList()) {
            for (int i = 0; i < node.getInputCount(); i++) {
                if (node.getInput(i).equals(from)) {
                    node.setInput(i, to);
                }
            }
            for (int i = 0; i < node.getOutputCount(); i++) {
                if (node.getOutput(i).equals(from)) {
                    node.setOutput(i, to);
                }
            }
        }
        for (ValueInfoProto.Builder value : graph.getInputBuilderList()) {
            if (value.getName().equals(from)) {
                value.setName(to);
            }
        }
        for (ValueInfoProto.Builder value : graph.getOutputBuilderList()) {
            if (value.getName().equals(from)) {
                value.setName(to);
            }
        }
        return this;
    }

    /** Takes an output away. */
    public ShapedVariants withoutOutput(String name) {
        for (int i = 0; i < graph.getOutputCount(); i++) {
            if (graph.getOutput(i).getName().equals(name)) {
                graph.removeOutput(i);
                return this;
            }
        }
        throw new IllegalArgumentException("no output " + name);
    }

    /**
     * Stores the external weights as float16, and takes and gives float16 where it took and gave
     * float. What is between is computed in float: the processor has no other kernels for most of
     * it, so ONNX Runtime would convert there too.
     *
     * @param weights the file that holds them now
     * @param half the file to write, beside which the graph will lie
     */
    public ShapedVariants half(Path weights, Path half) throws IOException {
        List<NodeProto> casts = new ArrayList<>();
        for (ValueInfoProto.Builder input : graph.getInputBuilderList()) {
            if (elementType(input) == FLOAT) {
                String name = input.getName();
                useInstead(name, name + "_float");
                setElementType(input, FLOAT16);
                casts.add(cast(name, name + "_float", FLOAT));
            }
        }
        try (FileChannel from = FileChannel.open(weights);
                FileChannel to =
                        FileChannel.open(
                                half,
                                StandardOpenOption.CREATE,
                                StandardOpenOption.TRUNCATE_EXISTING,
                                StandardOpenOption.WRITE)) {
            for (TensorProto.Builder tensor : graph.getInitializerBuilderList()) {
                if (tensor.getDataType() == FLOAT && tensor.getExternalDataCount() > 0) {
                    String name = tensor.getName();
                    ByteBuffer shorts = half(read(from, tensor));
                    long offset = (to.size() + 63) / 64 * 64;
                    locate(tensor, half.getFileName().toString(), offset, shorts.remaining());
                    while (shorts.hasRemaining()) {
                        offset += to.write(shorts, offset);
                    }
                    tensor.setName(name + "_half").setDataType(FLOAT16);
                    casts.add(cast(name + "_half", name, FLOAT));
                }
            }
        }
        List<NodeProto> nodes = new ArrayList<>(casts);
        nodes.addAll(graph.getNodeList());
        graph.clearNode().addAllNode(nodes);
        for (ValueInfoProto.Builder output : graph.getOutputBuilderList()) {
            if (elementType(output) == FLOAT) {
                String name = output.getName();
                renamed(name, name + "_float");
                output.setName(name);
                setElementType(output, FLOAT16);
                graph.addNode(cast(name + "_float", name, FLOAT16));
            }
        }
        return this;
    }

    private static int elementType(ValueInfoProto.Builder value) {
        return value.getType().getTensorType().getElemType();
    }

    private static void setElementType(ValueInfoProto.Builder value, int type) {
        value.getTypeBuilder().getTensorTypeBuilder().setElemType(type);
    }

    private void useInstead(String from, String to) {
        for (NodeProto.Builder node : graph.getNodeBuilderList()) {
            for (int i = 0; i < node.getInputCount(); i++) {
                if (node.getInput(i).equals(from)) {
                    node.setInput(i, to);
                }
            }
        }
    }

    private static NodeProto cast(String from, String to, int type) {
        return NodeProto.newBuilder()
                .setOpType("Cast")
                .setName("cast_" + to)
                .addInput(from)
                .addOutput(to)
                .addAttribute(
                        AttributeProto.newBuilder()
                                .setName("to")
                                .setType(AttributeProto.AttributeType.INT)
                                .setI(type))
                .build();
    }

    private static float[] read(FileChannel from, TensorProto.Builder tensor) throws IOException {
        Map<String, String> where = new HashMap<>();
        tensor.getExternalDataList().forEach(entry -> where.put(entry.getKey(), entry.getValue()));
        long offset = Long.parseLong(where.getOrDefault("offset", "0"));
        int count = Float.BYTES;
        for (long dim : tensor.getDimsList()) {
            count = (int) (count * dim);
        }
        FloatBuffer values =
                from.map(FileChannel.MapMode.READ_ONLY, offset, count)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .asFloatBuffer();
        float[] floats = new float[values.remaining()];
        values.get(floats);
        return floats;
    }

    private static ByteBuffer half(float[] values) {
        ByteBuffer bytes =
                ByteBuffer.allocate(values.length * Short.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        ShortBuffer shorts = bytes.asShortBuffer();
        for (float value : values) {
            shorts.put(Float.floatToFloat16(value));
        }
        return bytes;
    }

    private static void locate(TensorProto.Builder tensor, String file, long offset, int length) {
        tensor.clearExternalData()
                .setDataLocation(TensorProto.DataLocation.EXTERNAL)
                .addExternalData(entry("location", file))
                .addExternalData(entry("offset", Long.toString(offset)))
                .addExternalData(entry("length", Integer.toString(length)));
    }

    private static StringStringEntryProto entry(String key, String value) {
        return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
    }

    /** Writes the graph. */
    public void write(Path file) throws IOException {
        // shapes and types that were noted before may not hold any more
        graph.clearValueInfo();
        Set<String> names = new HashSet<>();
        graph.getInitializerList().forEach(tensor -> names.add(tensor.getName()));
        if (names.size() != graph.getInitializerCount()) {
            throw new IllegalStateException("a constant is there twice");
        }
        Files.write(file, model.build().toByteArray());
    }
}
