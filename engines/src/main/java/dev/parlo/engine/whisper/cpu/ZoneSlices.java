package dev.parlo.engine.whisper.cpu;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import dev.parlo.engine.whisper.graph.GraphNames;
import java.nio.LongBuffer;
import java.util.HashMap;
import java.util.Map;

/**
 * Where the zones of the logits end in a run without probes, which is nearly every run: tensors by
 * how many rows are chosen in, made once. Not thread-safe.
 */
final class ZoneSlices implements AutoCloseable {
    private final CpuNetwork network;
    private final Map<Integer, Map<String, OnnxTensor>> byRows = new HashMap<>();

    ZoneSlices(CpuNetwork network) {
        this.network = network;
    }

    Map<String, OnnxTensor> of(int rows) throws OrtException {
        Map<String, OnnxTensor> known = byRows.get(rows);
        if (known != null) {
            return known;
        }
        Map<String, OnnxTensor> made = new HashMap<>();
        byRows.put(rows, made); // before it is filled, so that a failure leaks nothing
        int vocabulary = network.shape().vocabularySize();
        pair(made, GraphNames.TEXT_SLICE_END, rows, network.shape().firstTimestamp());
        pair(made, GraphNames.TIMESTAMPS_SLICE_END, rows, vocabulary);
        pair(made, GraphNames.PROBE_SLICE_START, rows, 0);
        pair(made, GraphNames.PROBE_SLICE_END, rows, vocabulary);
        made.put(
                GraphNames.PROBE_IDS,
                OnnxTensor.createTensor(
                        network.environment(), LongBuffer.allocate(0), new long[] {0, 1}));
        return made;
    }

    private void pair(Map<String, OnnxTensor> into, String name, long row, long column)
            throws OrtException {
        into.put(name, OnnxTensor.createTensor(network.environment(), new long[] {row, column}));
    }

    @Override
    public void close() {
        byRows.values().forEach(slices -> slices.values().forEach(OnnxTensor::close));
        byRows.clear();
    }
}
