package dev.parlo.benchmarks.speech;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Rewrites a graph's operators to those that compute with 8-bit weights, as the quantised exports
 * of Kokoro are made: MatMul and Gemm to DynamicQuantizeMatMul, LSTM to DynamicQuantizeLSTM, Conv
 * to ConvInteger. Weights have one scale for a tensor and no zero point; activations are quantised
 * as they come.
 */
final class EightBitGraph {
    private static final int FLOAT = 1;
    private static final int INT8 = 3;
    private static final String CONTRIBUTED = "com.microsoft";

    private final GraphProto.Builder graph;
    private final ModelProto.Builder model;
    private final Map<String, TensorProto> constants = new HashMap<>();
    private final Map<String, Integer> readers = new HashMap<>();
    private final Path folder;

    private EightBitGraph(Path file) throws IOException {
        folder = Objects.requireNonNull(file.toAbsolutePath().getParent());
        model = ModelProto.parseFrom(Files.readAllBytes(file)).toBuilder();
        graph = model.getGraphBuilder();
        graph.getInitializerList().forEach(tensor -> constants.put(tensor.getName(), tensor));
        for (NodeProto node : graph.getNodeList()) {
            node.getInputList().forEach(input -> readers.merge(input, 1, Integer::sum));
        }
    }

    /** Writes the graph with the named operators in 8 bits and all weights inside. */
    static void write(Path from, Path to, Set<String> operators) throws IOException {
        new EightBitGraph(from).rewrite(to, operators);
    }

    private void rewrite(Path to, Set<String> operators) throws IOException {
        List<NodeProto> nodes = new ArrayList<>();
        for (NodeProto node : graph.getNodeList()) {
            if (!operators.contains(node.getOpType())) {
                nodes.add(node);
                continue;
            }
            switch (node.getOpType()) {
                case "MatMul" -> matMul(node, nodes);
                case "Gemm" -> gemm(node, nodes);
                case "LSTM" -> lstm(node, nodes);
                case "Conv" -> conv(node, nodes);
                default -> throw new IllegalArgumentException(node.getOpType());
            }
        }
        graph.clearNode().addAllNode(nodes).clearValueInfo().clearInitializer();
        for (TensorProto tensor : constants.values()) {
            graph.addInitializer(inside(tensor));
        }
        model.addOpsetImport(OperatorSetIdProto.newBuilder().setDomain(CONTRIBUTED).setVersion(1));
        Files.write(to, model.build().toByteArray());
    }

    private void matMul(NodeProto node, List<NodeProto> nodes) throws IOException {
        TensorProto weight = constants.get(node.getInput(1));
        if (weight == null || weight.getDimsCount() != 2) {
            nodes.add(node);
            return;
        }
        quantize(weight, values(weight), weight.getDimsList(), 1);
        String w = weight.getName();
        nodes.add(
                node("DynamicQuantizeMatMul", node, node.getInput(0), w + "_8", w + "_s")
                        .addInput(w + "_z")
                        .build());
    }

    private void gemm(NodeProto node, List<NodeProto> nodes) throws IOException {
        TensorProto weight = constants.get(node.getInput(1));
        if (weight == null
                || number(node, "transA") != 0
                || node.getInputCount() != 3
                || !constants.containsKey(node.getInput(2))) {
            nodes.add(node);
            return;
        }
        float[] values = values(weight);
        List<Long> dims = weight.getDimsList();
        if (number(node, "transB") != 0) {
            values = transposed(values, 1, dims.get(0).intValue(), dims.get(1).intValue());
            dims = List.of(dims.get(1), dims.get(0));
        }
        quantize(weight, values, dims, 1);
        String w = weight.getName();
        nodes.add(
                node("DynamicQuantizeMatMul", node, node.getInput(0), w + "_8", w + "_s")
                        .addInput(w + "_z")
                        .addInput(node.getInput(2))
                        .build());
    }

    private void lstm(NodeProto node, List<NodeProto> nodes) throws IOException {
        List<String> inputs = new ArrayList<>(node.getInputList());
        while (inputs.size() < 8) {
            inputs.add("");
        }
        for (int i = 1; i <= 2; i++) {
            TensorProto weight = Objects.requireNonNull(constants.get(inputs.get(i)));
            List<Long> dims = weight.getDimsList();
            int directions = dims.get(0).intValue();
            float[] values =
                    transposed(
                            values(weight),
                            directions,
                            dims.get(1).intValue(),
                            dims.get(2).intValue());
            quantize(weight, values, List.of(dims.get(0), dims.get(2), dims.get(1)), directions);
            String w = weight.getName();
            inputs.set(i, w + "_8");
            inputs.add(w + "_s");
            inputs.add(w + "_z");
        }
        nodes.add(
                node.toBuilder()
                        .setOpType("DynamicQuantizeLSTM")
                        .setDomain(CONTRIBUTED)
                        .clearInput()
                        .addAllInput(inputs)
                        .build());
    }

    /** Quantised input, ConvInteger, and its sums brought back to float by both scales. */
    private void conv(NodeProto node, List<NodeProto> nodes) throws IOException {
        TensorProto weight = constants.get(node.getInput(1));
        if (weight == null) {
            nodes.add(node);
            return;
        }
        quantize(weight, values(weight), weight.getDimsList(), 1);
        String w = weight.getName();
        String out = node.getOutput(0);
        nodes.add(
                plain("DynamicQuantizeLinear", List.of(out + "_x", out + "_xs", out + "_xz"))
                        .addInput(node.getInput(0))
                        .build());
        nodes.add(
                plain("ConvInteger", List.of(out + "_sum"))
                        .addInput(out + "_x")
                        .addInput(w + "_8")
                        .addInput(out + "_xz")
                        .addAllAttribute(node.getAttributeList())
                        .build());
        nodes.add(
                plain("Cast", List.of(out + "_float"))
                        .addInput(out + "_sum")
                        .addAttribute(
                                AttributeProto.newBuilder()
                                        .setName("to")
                                        .setType(AttributeProto.AttributeType.INT)
                                        .setI(FLOAT))
                        .build());
        nodes.add(
                plain("Mul", List.of(out + "_scale"))
                        .addInput(out + "_xs")
                        .addInput(w + "_s")
                        .build());
        boolean biased = node.getInputCount() > 2 && !node.getInput(2).isEmpty();
        nodes.add(
                plain("Mul", List.of(biased ? out + "_scaled" : out))
                        .addInput(out + "_float")
                        .addInput(out + "_scale")
                        .build());
        if (biased) {
            TensorProto bias = Objects.requireNonNull(constants.get(node.getInput(2)));
            String column = out + "_bias";
            constants.put(
                    column,
                    inside(bias).toBuilder()
                            .setName(column)
                            .clearDims()
                            .addDims(1)
                            .addDims(bias.getDims(0))
                            .addDims(1)
                            .build());
            nodes.add(
                    plain("Add", List.of(out)).addInput(out + "_scaled").addInput(column).build());
        }
    }

    private static NodeProto.Builder plain(String operator, List<String> outputs) {
        return NodeProto.newBuilder()
                .setOpType(operator)
                .setName(outputs.getFirst())
                .addAllOutput(outputs);
    }

    private static NodeProto.Builder node(String operator, NodeProto from, String... inputs) {
        return NodeProto.newBuilder()
                .setOpType(operator)
                .setDomain(CONTRIBUTED)
                .setName(from.getName())
                .addAllOutput(from.getOutputList())
                .addAllInput(List.of(inputs));
    }

    private static long number(NodeProto node, String attribute) {
        return node.getAttributeList().stream()
                .filter(a -> a.getName().equals(attribute))
                .mapToLong(AttributeProto::getI)
                .findFirst()
                .orElse(0);
    }

    private void quantize(TensorProto weight, float[] values, List<Long> dims, int scales) {
        String name = weight.getName();
        if (constants.containsKey(name + "_8")) {
            return;
        }
        byte[] bytes = new byte[values.length];
        ByteBuffer steps = ByteBuffer.allocate(4 * scales).order(ByteOrder.LITTLE_ENDIAN);
        int share = values.length / scales;
        for (int s = 0; s < scales; s++) {
            float largest = 1e-9f;
            for (int i = s * share; i < (s + 1) * share; i++) {
                largest = Math.max(largest, Math.abs(values[i]));
            }
            float step = largest / 127;
            steps.putFloat(step);
            for (int i = s * share; i < (s + 1) * share; i++) {
                bytes[i] = (byte) Math.round(values[i] / step);
            }
        }
        constants.put(name + "_8", tensor(name + "_8", INT8, dims, bytes));
        List<Long> shape = scales == 1 ? List.of() : List.of((long) scales);
        constants.put(name + "_s", tensor(name + "_s", FLOAT, shape, steps.array()));
        constants.put(name + "_z", tensor(name + "_z", INT8, shape, new byte[scales]));
        if (readers.merge(name, -1, Integer::sum) == 0) {
            constants.remove(name);
        }
    }

    private static TensorProto tensor(String name, int type, List<Long> dims, byte[] bytes) {
        return TensorProto.newBuilder()
                .setName(name)
                .setDataType(type)
                .addAllDims(dims)
                .setRawData(ByteString.copyFrom(bytes))
                .build();
    }

    /** Each of {@code count} matrices of rows and columns, turned. */
    private static float[] transposed(float[] values, int count, int rows, int columns) {
        float[] turned = new float[values.length];
        for (int m = 0; m < count; m++) {
            int base = m * rows * columns;
            for (int r = 0; r < rows; r++) {
                for (int c = 0; c < columns; c++) {
                    turned[base + c * rows + r] = values[base + r * columns + c];
                }
            }
        }
        return turned;
    }

    private float[] values(TensorProto tensor) throws IOException {
        TensorProto whole = inside(tensor);
        ByteBuffer bytes = whole.getRawData().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        if (!whole.hasRawData()) {
            float[] values = new float[whole.getFloatDataCount()];
            for (int i = 0; i < values.length; i++) {
                values[i] = whole.getFloatData(i);
            }
            return values;
        }
        float[] values = new float[bytes.remaining() / Float.BYTES];
        bytes.asFloatBuffer().get(values);
        return values;
    }

    /** A tensor with its numbers, which may lie in another file. */
    private TensorProto inside(TensorProto tensor) throws IOException {
        if (tensor.getExternalDataCount() == 0) {
            return tensor;
        }
        Map<String, String> where = new HashMap<>();
        for (StringStringEntryProto entry : tensor.getExternalDataList()) {
            where.put(entry.getKey(), entry.getValue());
        }
        try (FileChannel channel =
                FileChannel.open(folder.resolve(where.getOrDefault("location", "")))) {
            ByteBuffer bytes =
                    channel.map(
                            FileChannel.MapMode.READ_ONLY,
                            Long.parseLong(where.getOrDefault("offset", "0")),
                            Long.parseLong(where.getOrDefault("length", "0")));
            return tensor.toBuilder()
                    .clearExternalData()
                    .clearDataLocation()
                    .setRawData(ByteString.copyFrom(bytes))
                    .build();
        }
    }
}
