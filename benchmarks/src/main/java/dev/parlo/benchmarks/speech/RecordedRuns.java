package dev.parlo.benchmarks.speech;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.parlo.engine.onnx.OnnxEnvironment;
import dev.parlo.engine.speech.RunObserver;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Notes what an engine's runs take and, while it is asked to, what goes into them, so that the same
 * runs can be made without the engine. Not thread-safe: one request at a time.
 */
final class RecordedRuns implements RunObserver, AutoCloseable {
    private final OrtEnvironment environment = OnnxEnvironment.get();
    private final List<Map<String, OnnxTensor>> runs = new ArrayList<>();
    private long nanoseconds;
    private boolean recording;

    @Override
    public void ran(Map<String, OnnxTensor> inputs, long took) {
        nanoseconds += took;
        if (recording) {
            Map<String, OnnxTensor> copy = new HashMap<>();
            inputs.forEach((name, tensor) -> copy.put(name, copy(tensor)));
            runs.add(copy);
        }
    }

    private OnnxTensor copy(OnnxTensor tensor) {
        ByteBuffer from = tensor.getByteBuffer();
        ByteBuffer to = ByteBuffer.allocateDirect(from.remaining()).order(ByteOrder.nativeOrder());
        to.put(from).flip();
        try {
            return OnnxTensor.createTensor(
                    environment, to, tensor.getInfo().getShape(), tensor.getInfo().type);
        } catch (OrtException failure) {
            throw new IllegalStateException(failure);
        }
    }

    void record(boolean on) {
        if (on) {
            close();
        }
        recording = on;
    }

    /** Milliseconds that runs took since this was last asked. */
    double takeMilliseconds() {
        double taken = nanoseconds / 1e6;
        nanoseconds = 0;
        return taken;
    }

    int count() {
        return runs.size();
    }

    /** Makes the recorded runs, one after the other; answers the milliseconds they took. */
    double replay(OrtSession session) throws OrtException {
        long start = System.nanoTime();
        for (Map<String, OnnxTensor> inputs : runs) {
            session.run(inputs).close();
        }
        return (System.nanoTime() - start) / 1e6;
    }

    @Override
    public void close() {
        runs.forEach(run -> run.values().forEach(OnnxTensor::close));
        runs.clear();
    }
}
