package dev.parlo.engine.whisper.checkpoint;

import ai.onnx.proto.OnnxMl;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes a checkpoint as Optimum exports Whisper to ONNX, for tests: its names and its structure,
 * as far as they tell which tensor is which. Such a graph is not one that could be computed.
 *
 * <p>References: huggingface/optimum (merge_decoders and the deduplication of initialisers),
 * huggingface/transformers.js (scripts/quantize.py), microsoft/onnxruntime (the quantiser's names).
 */
public final class OnnxWriter {
    private static final int KEPT_INSIDE = 1024;

    private final TransformersWriter weights;
    private final Form form;
    private int numbers;

    /**
     * How the export is written.
     *
     * @param numbers F32, F16, INT8 (one scale for each column) or UINT8 (one for each matrix)
     * @param merged one decoder with both branches, rather than the first step's alone
     * @param external whether large tensors lie in a file beside the graph
     * @param norms whether norms are one node, as from opset 17 on
     */
    public record Form(String numbers, boolean merged, boolean external, boolean norms) {
        public static final Form PLAIN = new Form("F32", true, false, true);

        boolean quantised() {
            return numbers.endsWith("INT8");
        }

        /** Between {@code encoder_model} and {@code .onnx}. */
        String suffix() {
            return switch (numbers) {
                case "F16" -> "_fp16";
                case "INT8" -> "_int8";
                case "UINT8" -> "_uint8";
                default -> "";
            };
        }
    }

    public OnnxWriter(TransformersWriter weights, Form form) {
        this.weights = weights;
        this.form = form;
    }

    /** Writes {@code onnx/encoder_model.onnx} and its decoder, without any configuration. */
    public void write(Path directory) throws IOException {
        Path folder = Files.createDirectories(directory.resolve("onnx"));
        OnnxExportGraph encoder = new OnnxExportGraph(form);
        encoder("encoder", encoder);
        save(
                folder.resolve("encoder_model" + form.suffix() + ".onnx"),
                encoder.nodes(true),
                encoder.tensors);
        OnnxExportGraph decoder = new OnnxExportGraph(form);
        decoder("decoder", decoder);
        String file = form.merged() ? "decoder_model_merged" : "decoder_model";
        save(
                folder.resolve(file + form.suffix() + ".onnx"),
                form.merged() ? merged(decoder) : decoder.nodes(true),
                decoder.tensors);
    }

    /** A module's path in the graph: the encoder is exported without the model around it. */
    private static String path(String module) {
        String inner = module.startsWith("encoder.") ? module.substring(8) : "model." + module;
        return "/" + inner.replaceAll("\\.(?!\\d)", "/");
    }

    /** A parameter's name in the graph. */
    private static String parameter(String name) {
        return name.startsWith("encoder.") ? name.substring(8) : "model." + name;
    }

    private float[] values(String name) {
        return weights.values("model." + name);
    }

    private String named(OnnxExportGraph graph, String name) {
        return graph.put(parameter(name), values(name), weights.shape("model." + name));
    }

    private void encoder(String side, OnnxExportGraph graph) {
        String x = conv(graph, side + ".conv1", "input_features");
        x = conv(graph, side + ".conv2", x);
        x = graph.node("Add", "/Add", x, named(graph, side + ".embed_positions.weight"));
        layers(graph, side, x);
    }

    private void decoder(String side, OnnxExportGraph graph) {
        String name = parameter(side + ".embed_tokens.weight");
        float[] table = values(side + ".embed_tokens.weight");
        long[] shape = weights.shape("model." + side + ".embed_tokens.weight");
        String x;
        if (form.quantised()) {
            String quantised = graph.quantise(name, table, 1, 1, shape);
            keep(side + ".embed_tokens.weight", table, shape);
            String taken =
                    graph.node(
                            "Gather",
                            path(side + ".embed_tokens") + "/Gather_quant",
                            quantised,
                            "input_ids");
            x = graph.node("DequantizeLinear", "/dequantised", taken, name + "_scale");
        } else {
            graph.put(name, table, shape);
            x = graph.node("Gather", path(side + ".embed_tokens") + "/Gather", name, "input_ids");
        }
        x =
                graph.node(
                        "Add",
                        path(side) + "/Add",
                        x,
                        named(graph, side + ".embed_positions.weight"));
        x = layers(graph, side, x);
        if (form.quantised()) {
            // the float table, which no node needs any more, is quantised once more, by columns
            float[] projection = weights.values("model." + side + ".embed_tokens.weight");
            product(graph, "/proj_out", x, projection, (int) shape[0], (int) shape[1]);
            weights.put("proj_out.weight", projection, shape);
        } else {
            graph.node("MatMul", "/proj_out/MatMul", x, graph.node("Transpose", "/tied", name));
        }
    }

    private void keep(String name, float[] values, long... shape) {
        weights.put("model." + name, values, shape);
    }

    private String layers(OnnxExportGraph graph, String side, String input) {
        String x = input;
        for (int i = 0; weights.names().contains(layer(side, i) + "fc1.weight"); i++) {
            String layer = side + ".layers." + i + ".";
            String y = norm(graph, layer + "self_attn_layer_norm", x);
            attention(graph, layer + "self_attn", y, y, false);
            if (side.equals("decoder")) {
                y = norm(graph, layer + "encoder_attn_layer_norm", x);
                attention(graph, layer + "encoder_attn", y, "encoder_hidden_states", true);
            }
            y = norm(graph, layer + "final_layer_norm", x);
            x = linear(graph, layer + "fc2", linear(graph, layer + "fc1", y));
        }
        return norm(graph, side + ".layer_norm", x);
    }

    private static String layer(String side, int number) {
        return "model." + side + ".layers." + number + ".";
    }

    private void attention(
            OnnxExportGraph graph, String name, String x, String memory, boolean cross) {
        linear(graph, name + ".q_proj", x);
        int begin = graph.all.size();
        linear(graph, name + ".k_proj", memory);
        linear(graph, name + ".v_proj", memory);
        if (cross) { // later steps take them from the cache
            for (int i = begin; i < graph.all.size(); i++) {
                graph.firstStepOnly.add(i);
            }
        }
        linear(graph, name + ".out_proj", x);
    }

    private String linear(OnnxExportGraph graph, String module, String x) {
        String name = "model." + module + ".weight";
        float[] matrix = weights.values(name);
        long[] shape = weights.shape(name);
        String y = product(graph, path(module), x, matrix, (int) shape[0], (int) shape[1]);
        keep(module + ".weight", matrix, shape);
        return weights.names().contains("model." + module + ".bias")
                ? graph.node("Add", path(module) + "/Add", named(graph, module + ".bias"), y)
                : y;
    }

    /** A product by an exchanged matrix without a name; {@code matrix} becomes what is stored. */
    private String product(
            OnnxExportGraph graph, String path, String x, float[] matrix, int out, int in) {
        float[] exchanged = exchanged(matrix, out, in);
        String name = "onnx::MatMul_" + (1000 + numbers++);
        if (!form.quantised()) {
            return graph.node("MatMul", path + "/MatMul", x, graph.put(name, exchanged, in, out));
        }
        String stored =
                graph.quantise(
                        name, exchanged, form.numbers().equals("INT8") ? out : 1, 1, in, out);
        System.arraycopy(exchanged(exchanged, in, out), 0, matrix, 0, matrix.length);
        String y =
                graph.node(
                        "MatMulInteger",
                        path + "/MatMul_quant",
                        x + "_quantized",
                        stored,
                        x + "_zero_point",
                        name + "_zero_point");
        String scales =
                graph.node("Mul", path + "/MatMul_quant_scales_mul", x + "_scale", name + "_scale");
        y = graph.node("Cast", path + "/MatMul_quant_cast", y);
        return graph.node("Mul", path + "/MatMul_quant_output_scale_mul", y, scales);
    }

    private static float[] exchanged(float[] matrix, int rows, int columns) {
        float[] exchanged = new float[matrix.length];
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < columns; c++) {
                exchanged[c * rows + r] = matrix[r * columns + c];
            }
        }
        return exchanged;
    }

    private String conv(OnnxExportGraph graph, String module, String x) {
        String bias = named(graph, module + ".bias");
        if (!form.quantised()) {
            return graph.node(
                    "Conv", path(module) + "/Conv", x, named(graph, module + ".weight"), bias);
        }
        String name = parameter(module + ".weight");
        float[] kernel = values(module + ".weight");
        long[] shape = weights.shape("model." + module + ".weight");
        boolean each = form.numbers().equals("INT8");
        String stored =
                graph.quantise(
                        name, kernel, each ? (int) shape[0] : 1, (int) (shape[1] * 3), shape);
        keep(module + ".weight", kernel, shape);
        String y =
                graph.node(
                        "ConvInteger",
                        path(module) + "/Conv_quant",
                        x + "_quantized",
                        stored,
                        x + "_zero_point",
                        name + "_zero_point");
        return graph.node(
                "Add",
                path(module) + "/Conv_quant_bias",
                y,
                graph.node("Reshape", path(module) + "/Conv_quant_bias_reshape", bias));
    }

    private String norm(OnnxExportGraph graph, String module, String x) {
        String weight = named(graph, module + ".weight");
        String bias = named(graph, module + ".bias");
        if (form.norms()) {
            return graph.node(
                    "LayerNormalization", path(module) + "/LayerNormalization", x, weight, bias);
        }
        String y = graph.node("Sub", path(module) + "/Sub", x, x);
        y = graph.node("Mul", path(module) + "/Mul", y, weight);
        return graph.node("Add", path(module) + "/Add_1", y, bias);
    }

    /**
     * Both decoders in an {@code If}; the tensors come out of them under other names, once each.
     */
    private List<OnnxMl.NodeProto> merged(OnnxExportGraph graph) {
        Map<Object, String> kept = new HashMap<>();
        Map<String, String> renamed = new HashMap<>();
        Map<String, OnnxMl.TensorProto.Builder> tensors = new LinkedHashMap<>();
        graph.tensors.forEach((name, tensor) -> {
            String stem = name.replaceFirst("_(?:quantized|scale|zero_point)$", "");
            String other = stem + "_merged_0" + name.substring(stem.length());
            // of a quantised file the tensors were merged before
            Object content = form.quantised() ? name : tensor.clone().build();
            renamed.put(name, kept.computeIfAbsent(content, unused -> other));
            tensors.put(renamed.get(name), tensor);
        });
        graph.tensors.clear();
        graph.tensors.putAll(tensors);
        OnnxMl.NodeProto.Builder either =
                OnnxMl.NodeProto.newBuilder()
                        .setOpType("If")
                        .setName("optimum::if")
                        .addInput("use_cache_branch")
                        .addOutput("logits");
        for (boolean first : List.of(false, true)) {
            OnnxMl.GraphProto.Builder branch =
                    OnnxMl.GraphProto.newBuilder().setName(first ? "no_past" : "with_past");
            for (OnnxMl.NodeProto node : graph.nodes(first)) {
                OnnxMl.NodeProto.Builder copy = node.toBuilder().clearInput();
                node.getInputList()
                        .forEach(input -> copy.addInput(renamed.getOrDefault(input, input)));
                branch.addNode(copy);
            }
            either.addAttribute(
                    OnnxMl.AttributeProto.newBuilder()
                            .setName(first ? "else_branch" : "then_branch")
                            .setType(OnnxMl.AttributeProto.AttributeType.GRAPH)
                            .setG(branch));
        }
        return List.of(either.build());
    }

    private void save(
            Path file,
            List<OnnxMl.NodeProto> nodes,
            Map<String, OnnxMl.TensorProto.Builder> tensors)
            throws IOException {
        OnnxMl.GraphProto.Builder graph =
                OnnxMl.GraphProto.newBuilder().setName("main_graph").addAllNode(nodes);
        ByteArrayOutputStream beside = new ByteArrayOutputStream();
        String data = file.getFileName() + "_data";
        for (Map.Entry<String, OnnxMl.TensorProto.Builder> entry : tensors.entrySet()) {
            OnnxMl.TensorProto.Builder tensor = entry.getValue().clone().setName(entry.getKey());
            byte[] raw = tensor.getRawData().toByteArray();
            if (form.external() && raw.length >= KEPT_INSIDE) {
                tensor.clearRawData()
                        .setDataLocation(OnnxMl.TensorProto.DataLocation.EXTERNAL)
                        .addExternalData(entry("location", data))
                        .addExternalData(entry("offset", Integer.toString(beside.size())))
                        .addExternalData(entry("length", Integer.toString(raw.length)));
                beside.writeBytes(raw);
            }
            graph.addInitializer(tensor);
        }
        Files.write(
                file,
                OnnxMl.ModelProto.newBuilder()
                        .setIrVersion(8)
                        .setProducerName("pytorch")
                        .setGraph(graph)
                        .build()
                        .toByteArray());
        if (beside.size() > 0) {
            Files.write(file.resolveSibling(data), beside.toByteArray());
        }
    }

    private static OnnxMl.StringStringEntryProto entry(String key, String value) {
        return OnnxMl.StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
    }
}
