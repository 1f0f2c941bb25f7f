package dev.parlo.engine.whisper.cuda;

import dev.parlo.engine.cuda.GpuStream;
import dev.parlo.engine.onnx.capi.IoBinding;
import dev.parlo.engine.onnx.capi.RunOptions;
import dev.parlo.engine.onnx.capi.Session;
import dev.parlo.engine.onnx.capi.SessionOptions;
import dev.parlo.engine.onnx.capi.Tensor;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** A graph that computes in a stream, with the network's weights. Used by one thread at a time. */
final class DeviceGraph implements AutoCloseable {
    private final Session session;
    private final Set<String> inputs;
    private final Map<String, Tensor> weights = new HashMap<>();

    /**
     * @param recorded whether runs may be recorded
     */
    DeviceGraph(CudaNetwork network, Path file, GpuStream stream, boolean recorded) {
        try (SessionOptions options = stream.sessionOptions(recorded)) {
            session = new Session(network.gpu().api(), file, options);
        }
        inputs = Set.copyOf(session.inputs());
        for (String input : inputs) {
            network.weight(input).ifPresent(tensor -> weights.put(input, tensor));
        }
    }

    /** How many of its nodes each provider computes. */
    Map<String, Integer> nodes() {
        return session.nodes();
    }

    /** Whether it has an input. */
    boolean reads(String input) {
        return inputs.contains(input);
    }

    /** A binding that has the weights; the caller closes it. */
    IoBinding bind() {
        IoBinding binding = new IoBinding(session);
        weights.forEach(binding::input);
        return binding;
    }

    void run(IoBinding binding, RunOptions options) {
        session.run(binding, options);
    }

    @Override
    public void close() {
        session.close();
    }
}
