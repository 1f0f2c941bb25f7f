package dev.parlo.engine.onnx;

import ai.onnx.proto.OnnxMl;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import com.google.protobuf.ByteString;
import dev.parlo.engine.Placement;
import dev.parlo.engine.device.GpuNatives;
import dev.parlo.engine.device.GpuProbe;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Computes something small on a GPU and compares it with what it has to be: a sum, which needs the
 * provider and code for this GPU, or a convolution, which needs cuDNN besides. To be asked in a
 * process that may crash.
 */
final class CudaCheck implements GpuProbe.ProviderCheck {
    private static final float[] SAMPLES = {1, 2, 3, 4, 5};
    private static final float[] KERNEL = {1, 0, -1};
    private static final float[] EXPECTED = {-2, -2, -2};
    private static final float[] DOUBLED = {2, 4, 6, 8, 10};

    @Override
    public Optional<String> refusal(GpuNatives natives, int gpu, boolean convolutions) {
        System.setProperty(OnnxNatives.PROPERTY, natives.folder().toAbsolutePath().toString());
        // Before anything of the runtime's, some of which would make an environment by itself.
        OrtEnvironment environment = OnnxEnvironment.get();
        Placement.Cuda placement = new Placement.Cuda(gpu);
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            // What has no place on the GPU must fail, rather than be computed elsewhere.
            options.addConfigEntry("session.disable_cpu_ep_fallback", "1");
            CudaProvider.addTo(options, placement);
            return mismatch(environment, options, placement, convolutions);
        } catch (OrtException failure) {
            return Optional.of(
                    "ONNX Runtime cannot compute "
                            + (convolutions ? "a convolution" : "a sum")
                            + " on "
                            + placement.label()
                            + ": "
                            + OnnxFailure.words(failure)
                            + ".");
        }
    }

    private static Optional<String> mismatch(
            OrtEnvironment environment,
            OrtSession.SessionOptions options,
            Placement.Cuda gpu,
            boolean convolutions)
            throws OrtException {
        try (OrtSession session =
                        environment.createSession(convolutions ? convolution() : sum(), options);
                OnnxTensor samples =
                        OnnxTensor.createTensor(
                                environment,
                                FloatBuffer.wrap(SAMPLES),
                                new long[] {1, 1, SAMPLES.length});
                OrtSession.Result result = session.run(Map.of("samples", samples))) {
            FloatBuffer computed = ((OnnxTensor) result.get(0)).getFloatBuffer();
            for (float expected : convolutions ? EXPECTED : DOUBLED) {
                // Written so that a NaN is a mismatch, too.
                float given = computed.get();
                if (!(Math.abs(given - expected) < 1e-2)) {
                    return Optional.of(
                            gpu.label()
                                    + " computes wrong numbers: "
                                    + given
                                    + " where "
                                    + expected
                                    + " was expected.");
                }
            }
            return Optional.empty();
        }
    }

    private static byte[] sum() {
        return model(
                OnnxMl.GraphProto.newBuilder()
                        .setName("sum")
                        .addInput(value("samples", SAMPLES.length))
                        .addOutput(value("doubled", SAMPLES.length))
                        .addNode(
                                OnnxMl.NodeProto.newBuilder()
                                        .setOpType("Add")
                                        .addInput("samples")
                                        .addInput("samples")
                                        .addOutput("doubled")));
    }

    private static byte[] model(OnnxMl.GraphProto.Builder graph) {
        return OnnxMl.ModelProto.newBuilder()
                .setIrVersion(10)
                .addOpsetImport(OnnxMl.OperatorSetIdProto.newBuilder().setVersion(21))
                .setGraph(graph)
                .build()
                .toByteArray();
    }

    private static byte[] convolution() {
        ByteBuffer kernel =
                ByteBuffer.allocate(KERNEL.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        kernel.asFloatBuffer().put(KERNEL);
        OnnxMl.GraphProto.Builder graph =
                OnnxMl.GraphProto.newBuilder()
                        .setName("convolution")
                        .addInput(value("samples", SAMPLES.length))
                        .addOutput(value("differences", EXPECTED.length))
                        .addInitializer(
                                OnnxMl.TensorProto.newBuilder()
                                        .setName("kernel")
                                        .setDataType(OnnxMl.TensorProto.DataType.FLOAT_VALUE)
                                        .addAllDims(List.of(1L, 1L, (long) KERNEL.length))
                                        .setRawData(ByteString.copyFrom(kernel)))
                        .addNode(
                                OnnxMl.NodeProto.newBuilder()
                                        .setOpType("Conv")
                                        .addInput("samples")
                                        .addInput("kernel")
                                        .addOutput("differences"));
        return model(graph);
    }

    private static OnnxMl.ValueInfoProto value(String name, int length) {
        OnnxMl.TensorShapeProto.Builder shape = OnnxMl.TensorShapeProto.newBuilder();
        shape.addDimBuilder().setDimValue(1);
        shape.addDimBuilder().setDimValue(1);
        shape.addDimBuilder().setDimValue(length);
        return OnnxMl.ValueInfoProto.newBuilder()
                .setName(name)
                .setType(
                        OnnxMl.TypeProto.newBuilder()
                                .setTensorType(
                                        OnnxMl.TypeProto.Tensor.newBuilder()
                                                .setElemType(
                                                        OnnxMl.TensorProto.DataType.FLOAT_VALUE)
                                                .setShape(shape)))
                .build();
    }
}
