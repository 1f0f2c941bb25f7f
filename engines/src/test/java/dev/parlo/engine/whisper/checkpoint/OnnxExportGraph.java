package dev.parlo.engine.whisper.checkpoint;

import ai.onnx.proto.OnnxMl;
import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One graph of an export while it is written: its nodes, those of the first step marked, and its
 * tensors by name, in 32, 16 or 8 bits.
 */
final class OnnxExportGraph {
    private final OnnxWriter.Form form;
    final List<OnnxMl.NodeProto> all = new ArrayList<>();
    final Set<Integer> firstStepOnly = new HashSet<>();
    final Map<String, OnnxMl.TensorProto.Builder> tensors = new LinkedHashMap<>();

    OnnxExportGraph(OnnxWriter.Form form) {
        this.form = form;
    }

    List<OnnxMl.NodeProto> nodes(boolean first) {
        List<OnnxMl.NodeProto> chosen = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            if (first || !firstStepOnly.contains(i)) {
                chosen.add(all.get(i));
            }
        }
        return chosen;
    }

    String node(String operator, String name, String... inputs) {
        String output = name + "_output_0";
        all.add(
                OnnxMl.NodeProto.newBuilder()
                        .setOpType(operator)
                        .setName(name)
                        .addAllInput(List.of(inputs))
                        .addOutput(output)
                        .build());
        return output;
    }

    String put(String name, float[] values, long... dims) {
        tensors.put(name, tensor(values, dims));
        return name;
    }

    /** Eight bits with scale and zero point, called as ONNX Runtime's quantiser does. */
    String quantise(String name, float[] values, int scales, int stride, long... dims) {
        boolean signed = form.numbers().equals("INT8");
        float[] scale = new float[scales];
        byte[] zero = new byte[scales];
        byte[] bytes = new byte[values.length];
        for (int s = 0; s < scales; s++) {
            float low = 0;
            float high = 0;
            for (int i = 0; i < values.length; i++) {
                if (i / stride % scales == s) {
                    low = Math.min(low, values[i]);
                    high = Math.max(high, values[i]);
                }
            }
            scale[s] =
                    signed
                            ? Math.max(Math.max(-low, high), 1e-6f) / 127
                            : Math.max(high - low, 1e-6f) / 255;
            int zeroPoint = signed ? 0 : Math.round(-low / scale[s]);
            zero[s] = (byte) zeroPoint;
            for (int i = 0; i < values.length; i++) {
                if (i / stride % scales == s) {
                    int q = Math.round(values[i] / scale[s]) + zeroPoint;
                    bytes[i] = (byte) (signed ? Math.clamp(q, -127, 127) : Math.clamp(q, 0, 255));
                    values[i] = (q - zeroPoint) * scale[s];
                }
            }
        }
        int type = signed ? 3 : 2;
        OnnxMl.TensorProto.Builder quantised =
                OnnxMl.TensorProto.newBuilder()
                        .setDataType(type)
                        .setRawData(ByteString.copyFrom(bytes));
        for (long dim : dims) {
            quantised.addDims(dim);
        }
        tensors.put(name + "_quantized", quantised);
        OnnxMl.TensorProto.Builder scaleOf = OnnxMl.TensorProto.newBuilder().setDataType(1);
        OnnxMl.TensorProto.Builder zeroOf = OnnxMl.TensorProto.newBuilder().setDataType(type);
        for (int s = 0; s < scales; s++) {
            scaleOf.addFloatData(scale[s]);
            zeroOf.addInt32Data(signed ? zero[s] : zero[s] & 0xff);
        }
        if (scales > 1) {
            scaleOf.addDims(scales);
            zeroOf.addDims(scales);
        }
        tensors.put(name + "_scale", scaleOf);
        tensors.put(name + "_zero_point", zeroOf);
        return name + "_quantized";
    }

    private OnnxMl.TensorProto.Builder tensor(float[] values, long... dims) {
        String numbers = form.numbers().equals("F16") ? "F16" : "F32";
        OnnxMl.TensorProto.Builder tensor =
                OnnxMl.TensorProto.newBuilder()
                        .setDataType(numbers.equals("F16") ? 10 : 1)
                        .setRawData(ByteString.copyFrom(TransformersWriter.bytes(values, numbers)));
        for (long dim : dims) {
            tensor.addDims(dim);
        }
        return tensor;
    }
}
