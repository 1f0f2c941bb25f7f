package dev.parlo.engine.whisper.checkpoint;

import ai.onnx.proto.OnnxMl;
import com.google.protobuf.ByteString;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.fuzz.FuzzInput;
import dev.parlo.engine.onnx.OnnxGraph;
import java.lang.foreign.Arena;
import java.util.List;

/** A graph of Whisper exported to ONNX: what is looked for in it, and what is read of it. */
public final class OnnxFilesFuzz {
    private static final byte[] WHOLE = whole();

    private OnnxFilesFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        FuzzInput.asFile(
                FuzzInput.rawOrPatched(input, WHOLE),
                "decoder_model_merged.onnx",
                file -> {
                    try (Arena arena = Arena.ofConfined()) {
                        ExportedPart part =
                                new ExportedPart(
                                        "decoder_model_merged.onnx",
                                        OnnxGraph.read(file, arena),
                                        "decoder");
                        for (String module :
                                List.of("embed_tokens", "layer_norm", "layers.0.fc1")) {
                            part.find("decoder." + module + ".weight")
                                    .ifPresent(OnnxFilesFuzz::read);
                            part.find("decoder." + module + ".bias").ifPresent(OnnxFilesFuzz::read);
                        }
                        part.find("decoder.layers.0.self_attn.k_proj.weight")
                                .ifPresent(OnnxFilesFuzz::read);
                    } catch (EngineException refused) {
                        FuzzInput.refused(refused, EngineException.Category.BAD_MODEL);
                    }
                });
    }

    private static void read(ExportedTensor tensor) {
        int[] shape = new int[tensor.stored().dims().length];
        for (int i = 0; i < shape.length; i++) {
            shape[i] = (int) Math.clamp(tensor.stored().dims()[i], 0, 1 << 16);
        }
        if (tensor.transposed() && shape.length == 2) {
            int rows = shape[1];
            shape[1] = shape[0];
            shape[0] = rows;
        }
        Variable variable = tensor.as(shape);
        if (variable.rank() > 0 && variable.rows() > 0) {
            variable.toFloats();
        }
    }

    /** One layer of eight bits and its neighbours, as a merged decoder has them. */
    private static byte[] whole() {
        OnnxMl.GraphProto.Builder graph = OnnxMl.GraphProto.newBuilder();
        String table = "model.decoder.embed_tokens.weight_merged_0";
        graph.addInitializer(tensor(table + "_quantized", 3, 4, 4));
        graph.addInitializer(tensor(table + "_scale", 1));
        graph.addInitializer(tensor(table + "_zero_point", 3));
        graph.addInitializer(tensor("onnx::MatMul_7_quantized", 3, 4, 8));
        graph.addInitializer(tensor("onnx::MatMul_7_scale", 1, 8));
        graph.addInitializer(tensor("onnx::MatMul_7_zero_point", 3, 8));
        graph.addInitializer(tensor("onnx::MatMul_8", 1, 4, 4));
        graph.addInitializer(tensor("model.decoder.layers.0.fc1.bias", 1, 8));
        graph.addInitializer(tensor("model.decoder.layer_norm.weight", 10, 4));
        graph.addInitializer(
                tensor("model.decoder.layer_norm.bias", 1, 4)
                        .clearRawData()
                        .addExternalData(
                                OnnxMl.StringStringEntryProto.newBuilder()
                                        .setKey("location")
                                        .setValue("decoder_model_merged.onnx")));
        OnnxMl.GraphProto.Builder branch = OnnxMl.GraphProto.newBuilder();
        branch.addNode(node("Gather", "e", "/e", table + "_quantized", "ids"));
        branch.addNode(node("MatMulInteger", "m", "", "x", "onnx::MatMul_7_quantized"));
        branch.addNode(node("Cast", "c", "", "m"));
        branch.addNode(node("Add", "a", "", "model.decoder.layers.0.fc1.bias", "c"));
        branch.addNode(
                node(
                        "MatMul",
                        "k",
                        "/model/decoder/layers.0/self_attn/k_proj/MatMul",
                        "x",
                        "onnx::MatMul_8"));
        graph.addNode(
                node("If", "logits", "optimum::if", "use_cache_branch")
                        .addAttribute(
                                OnnxMl.AttributeProto.newBuilder()
                                        .setName("else_branch")
                                        .setG(branch)));
        return OnnxMl.ModelProto.newBuilder().setGraph(graph).build().toByteArray();
    }

    private static OnnxMl.TensorProto.Builder tensor(String name, int type, long... dims) {
        OnnxMl.TensorProto.Builder tensor =
                OnnxMl.TensorProto.newBuilder().setName(name).setDataType(type);
        int size = type == 1 ? 4 : type == 10 ? 2 : 1;
        for (long dim : dims) {
            tensor.addDims(dim);
            size *= (int) dim;
        }
        return tensor.setRawData(ByteString.copyFrom(new byte[size]));
    }

    private static OnnxMl.NodeProto.Builder node(
            String operator, String output, String name, String... inputs) {
        return OnnxMl.NodeProto.newBuilder()
                .setOpType(operator)
                .setName(name)
                .addOutput(output)
                .addAllInput(List.of(inputs));
    }
}
