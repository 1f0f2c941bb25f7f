package dev.parlo.engine.speech;

import ai.onnxruntime.OnnxTensor;
import java.util.Map;

/** Is told of every run of a speech model, on the thread that made it. */
public interface RunObserver {
    /** Ignores every run. */
    RunObserver NONE = (inputs, nanoseconds) -> {};

    /**
     * A run is over.
     *
     * @param inputs what went in; open only during this call
     * @param nanoseconds that ONNX Runtime took
     */
    void ran(Map<String, OnnxTensor> inputs, long nanoseconds);
}
