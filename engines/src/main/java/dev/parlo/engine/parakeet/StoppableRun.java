package dev.parlo.engine.parakeet;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.parlo.engine.Cancellation;
import dev.parlo.engine.onnx.OnnxFailure;

/** A run that ends at its next operator once a cancellation is raised. Not thread-safe. */
final class StoppableRun implements AutoCloseable {
    private final OrtSession.RunOptions options;
    private final Cancellation.Registration stop;

    StoppableRun(Cancellation cancellation) throws OrtException {
        options = new OrtSession.RunOptions();
        stop = cancellation.onCancel(() -> OnnxFailure.terminate(options));
    }

    OrtSession.Result of(Graph graph, Graph.Inputs inputs) throws OrtException {
        return graph.model().session().run(inputs.tensors(), options);
    }

    @Override
    public void close() {
        stop.close();
        options.close();
    }
}
