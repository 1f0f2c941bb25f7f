package dev.parlo.engine.whisper.cpu;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import dev.parlo.engine.whisper.checkpoint.WhisperShape;
import dev.parlo.engine.whisper.graph.GraphNames;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The inputs and outputs of a run that its plan alone decides: views of the caches, and shapes. A
 * large model has some two hundred of them, so a step's are made once and kept by its row cache.
 */
final class RunBinding implements AutoCloseable {
    private final Map<String, OnnxTensor> inputs = new HashMap<>();
    private final Map<String, OnnxTensor> outputs = new HashMap<>();
    private final List<OnnxTensor> owned = new ArrayList<>();

    RunBinding(CpuNetwork network, CrossCache cross, RowCache rows, StepPlan plan)
            throws OrtException {
        WhisperShape shape = network.shape();
        for (int i = 0; i < shape.decoderLayers(); i++) {
            // The same tensor as past and present: the caches are extended in place.
            OnnxTensor keys = rows.keys(i, plan.firstRow(), plan.rows());
            OnnxTensor values = rows.values(i, plan.firstRow(), plan.rows());
            inputs.put(GraphNames.pastKeys(i), keys);
            inputs.put(GraphNames.pastValues(i), values);
            outputs.put(GraphNames.presentKeys(i), keys);
            outputs.put(GraphNames.presentValues(i), values);
            inputs.put(GraphNames.crossKeys(i), cross.keys(i, plan.firstSlot(), plan.slots()));
            inputs.put(GraphNames.crossValues(i), cross.values(i, plan.firstSlot(), plan.slots()));
        }
        try {
            shape(
                    network,
                    GraphNames.SELF_SHAPE,
                    plan.rows(),
                    plan.tokensPerRow(),
                    3L * shape.width());
            shape(
                    network,
                    GraphNames.CROSS_SHAPE,
                    plan.slots(),
                    plan.queriesPerSlot(),
                    shape.heads(),
                    WhisperShape.HEAD_WIDTH);
        } catch (Throwable e) { // errors, too: tensors lie outside of the heap
            close();
            throw e;
        }
    }

    private void shape(CpuNetwork network, String name, long... dims) throws OrtException {
        OnnxTensor tensor = OnnxTensor.createTensor(network.environment(), dims);
        owned.add(tensor);
        inputs.put(name, tensor);
    }

    Map<String, OnnxTensor> inputs() {
        return inputs;
    }

    Map<String, OnnxTensor> outputs() {
        return outputs;
    }

    /** The views belong to the caches. */
    @Override
    public void close() {
        owned.forEach(OnnxTensor::close);
    }
}
