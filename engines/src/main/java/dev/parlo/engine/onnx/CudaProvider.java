package dev.parlo.engine.onnx;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.providers.OrtCUDAProviderOptions;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineException.Category;
import dev.parlo.engine.Placement;
import java.util.Map;

/** Has sessions of the Java API compute on a GPU, and tells what their failures mean. */
public final class CudaProvider {
    /**
     * For networks whose shapes differ with every run: cuDNN's search for the fastest algorithm
     * would cost more than it gains, and a growing arena would keep twice what is needed.
     */
    private static final Map<String, String> CHANGING_SHAPES =
            Map.of(
                    "cudnn_conv_algo_search", "HEURISTIC",
                    "cudnn_conv_use_max_workspace", "1",
                    "arena_extend_strategy", "kSameAsRequested",
                    "use_tf32", "1",
                    "enable_cuda_graph", "0");

    private CudaProvider() {}

    /** Adds the provider, before the processor's, to the options of a session. */
    public static void addTo(OrtSession.SessionOptions session, Placement.Cuda gpu)
            throws OrtException {
        try (OrtCUDAProviderOptions options = new OrtCUDAProviderOptions(gpu.index())) {
            for (Map.Entry<String, String> option : CHANGING_SHAPES.entrySet()) {
                options.add(option.getKey(), option.getValue());
            }
            session.addCUDA(options);
        }
    }

    /**
     * The failure of a run on a GPU: after any failure of CUDA other than too little memory its
     * context answers every call with the same error, for as long as the process lives.
     */
    public static boolean isLost(Exception failure) {
        String message = String.valueOf(failure.getMessage());
        boolean gpu =
                message.contains("CUDA failure")
                        || message.contains("CUDA error")
                        || message.contains("CUDNN failure")
                        || message.contains("CUBLAS failure");
        return gpu && !OnnxFailure.outOfMemory(failure);
    }

    /** What a request is told whose GPU failed. */
    public static EngineException lost(Placement gpu, Exception cause) {
        return new EngineException(
                Category.DEVICE_LOST,
                "The device "
                        + gpu.label()
                        + " failed while it computed this request, and is not used any more. Try"
                        + " again later.",
                cause);
    }
}
