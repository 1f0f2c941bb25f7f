package dev.parlo.engine.whisper.cpu;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.parlo.engine.onnx.StoppableRuns;
import dev.parlo.engine.whisper.checkpoint.WhisperConfig;
import dev.parlo.engine.whisper.decode.StepResult;
import dev.parlo.engine.whisper.decode.StepResult.Candidates;
import dev.parlo.engine.whisper.decode.StepResult.Probed;
import dev.parlo.engine.whisper.decode.StepRow;
import dev.parlo.engine.whisper.decode.TokenMask;
import dev.parlo.engine.whisper.graph.GraphNames;
import dev.parlo.engine.whisper.network.Alignment;
import java.lang.foreign.Arena;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * One run of the decoder graph: its tensors, the run itself, and what comes back. Closing frees all
 * but the caches.
 */
final class DecoderRun implements AutoCloseable {
    private static final List<String> CANDIDATES =
            Stream.of(GraphNames.TEXT, GraphNames.TIMESTAMPS)
                    .flatMap(zone ->
                            Stream.of(
                                    GraphNames.zoneLogits(zone),
                                    GraphNames.zoneIds(zone),
                                    GraphNames.zoneLogSumExp(zone)))
                    .toList();

    private final Arena memory = Arena.ofConfined();
    private final OrtEnvironment environment;
    private final CpuNetwork network;
    private final StepPlan plan;
    private final StoppableRuns runs;
    private final Map<String, OnnxTensor> inputs;
    private final Map<String, OnnxTensor> outputs;
    private final List<OnnxTensor> owned = new ArrayList<>();

    /**
     * @param binding of the same plan
     * @param runs of the same step
     */
    DecoderRun(CpuNetwork network, StepPlan plan, RunBinding binding, StoppableRuns runs) {
        this.runs = runs;
        this.environment = network.environment();
        this.network = network;
        this.plan = plan;
        inputs = new HashMap<>(binding.inputs());
        outputs = new HashMap<>(binding.outputs());
    }

    /** Room for the embedded tokens, [N·S, d]. */
    FloatBuffer embeddings() {
        return Buffers.floats(memory, plan.tokens() * network.shape().width());
    }

    /** Embedded tokens [N·S, d] and, for each row, the index of its last token. */
    void tokens(FloatBuffer x, int[] lengths) throws OrtException {
        int width = network.shape().width();
        int longest = 0;
        for (int length : lengths) {
            longest = Math.max(longest, length + 1);
        }
        put(
                GraphNames.TOKENS,
                OnnxTensor.createTensor(environment, x, new long[] {plan.tokens(), width}));
        put(
                GraphNames.LENGTHS,
                OnnxTensor.createTensor(
                        environment, Buffers.ints(memory, lengths), new long[] {lengths.length}));
        put(
                GraphNames.LONGEST,
                OnnxTensor.createTensor(
                        environment, Buffers.ints(memory, longest), new long[] {1}));
    }

    /** What to read out, and what may be chosen there. */
    void readout(Readout readout, MaskTable masks, ZoneSlices slices) throws OrtException {
        int count = readout.rows().size();
        Set<TokenMask> inUse = new HashSet<>();
        readout.rows().forEach(placed -> inUse.add(placed.row().mask()));
        long[] maskRows = new long[count];
        long[] from = new long[count];
        long[] end = new long[count];
        for (int i = 0; i < count; i++) {
            StepRow row = readout.rows().get(i).row();
            maskRows[i] = masks.row(row.mask(), inUse);
            from[i] = row.firstTimestamp();
            end[i] = row.endTimestamp();
        }
        inputs.put(GraphNames.MASK_TABLE, masks.tensor());
        longs(GraphNames.SELECT, readout.select());
        longs(GraphNames.MASK_ROW, maskRows);
        table(GraphNames.TIMESTAMPS_FROM, 1, from);
        table(GraphNames.TIMESTAMPS_END, 1, end);
        longs(GraphNames.CANDIDATES, readout.candidates());
        if (readout.probes().isEmpty()) {
            inputs.putAll(slices.of(count));
            return;
        }
        longs(GraphNames.TEXT_SLICE_END, count, network.shape().firstTimestamp());
        longs(GraphNames.TIMESTAMPS_SLICE_END, count, network.shape().vocabularySize());
        longs(GraphNames.PROBE_SLICE_START, count, 0);
        longs(GraphNames.PROBE_SLICE_END, readout.select().length, readout.vocabulary());
        int width = readout.idsPerProbe();
        long[] ids = new long[readout.probeIds().length * width];
        for (int i = 0; i < readout.probeIds().length; i++) {
            System.arraycopy(readout.probeIds()[i], 0, ids, i * width, width);
        }
        table(GraphNames.PROBE_IDS, width, ids);
    }

    List<StepResult> run(Readout readout) throws OrtException {
        Set<String> wanted = new LinkedHashSet<>(CANDIDATES);
        if (readout.wantsLogits()) {
            wanted.add(GraphNames.LOGITS);
        }
        if (!readout.probes().isEmpty()) {
            wanted.add(GraphNames.PROBE_LOGITS);
            wanted.add(GraphNames.PROBE_LOG_PROBABILITIES);
        }
        try (OrtSession.Result result =
                network.decoder().run(inputs, wanted, outputs, runs.next())) {
            Zone text = new Zone(result, GraphNames.TEXT);
            Zone timestamps = new Zone(result, GraphNames.TIMESTAMPS);
            FloatBuffer logits = readout.wantsLogits() ? floats(result, GraphNames.LOGITS) : null;
            Map<Integer, Probed> probed = probed(result, readout);
            List<StepResult> results = new ArrayList<>();
            for (int i = 0; i < readout.rows().size(); i++) {
                StepRow row = readout.rows().get(i).row();
                float[] raw = new float[row.rawLogits() ? network.shape().vocabularySize() : 0];
                if (logits != null && row.rawLogits()) {
                    logits.get(i * raw.length, raw);
                }
                results.add(
                        new StepResult(
                                text.candidates(i, row.candidates()),
                                timestamps.candidates(i, row.candidates()),
                                raw,
                                probed.get(i)));
            }
            return results;
        }
    }

    private static Map<Integer, Probed> probed(OrtSession.Result result, Readout readout)
            throws OrtException {
        Map<Integer, Probed> probed = new HashMap<>();
        if (readout.probes().isEmpty()) {
            return probed;
        }
        FloatBuffer logits = floats(result, GraphNames.PROBE_LOGITS);
        FloatBuffer logProbabilities = floats(result, GraphNames.PROBE_LOG_PROBABILITIES);
        int width = readout.idsPerProbe();
        for (int i = 0; i < readout.probes().size(); i++) {
            float[] values = new float[width];
            logits.get(i * width, values);
            float logSumExp = values[0] - logProbabilities.get(i * width);
            probed.put(readout.probes().get(i), new Probed(values, logSumExp));
        }
        return probed;
    }

    /**
     * Runs a text and hands back where the alignment heads listen. The scores of a layer are all
     * its heads', tens of megabytes in a large model: they are written where they are read, and
     * never copied as a whole.
     *
     * @param audio positions of the window
     */
    Alignment align(List<WhisperConfig.AlignmentHead> heads, int audio) throws OrtException {
        int tokens = plan.tokens();
        int values = network.shape().heads() * audio * tokens;
        Map<Integer, FloatBuffer> layers = new TreeMap<>();
        for (WhisperConfig.AlignmentHead head : heads) {
            if (!layers.containsKey(head.layer())) {
                FloatBuffer layer = Buffers.floats(memory, values);
                layers.put(head.layer(), layer);
                long[] dims = {1, network.shape().heads(), audio, tokens};
                OnnxTensor tensor = OnnxTensor.createTensor(environment, layer, dims);
                owned.add(tensor);
                outputs.put(GraphNames.scores(head.layer()), tensor);
            }
        }
        float[] logProbabilities;
        Set<String> wanted = Set.of(GraphNames.PROBE_LOG_PROBABILITIES);
        try (OrtSession.Result result =
                network.decoder().run(inputs, wanted, outputs, runs.next())) {
            FloatBuffer found = floats(result, GraphNames.PROBE_LOG_PROBABILITIES);
            logProbabilities = new float[found.remaining()];
            found.get(logProbabilities);
        }
        float[] scores = new float[heads.size() * tokens * audio];
        for (int h = 0; h < heads.size(); h++) {
            // [1, heads, audio, tokens] of the layer to [tokens, audio] of the head
            FloatBuffer layer = Objects.requireNonNull(layers.get(heads.get(h).layer()));
            int base = heads.get(h).head() * audio * tokens;
            for (int a = 0; a < audio; a++) {
                for (int t = 0; t < tokens; t++) {
                    scores[(h * tokens + t) * audio + a] = layer.get(base + a * tokens + t);
                }
            }
        }
        return new Alignment(heads.size(), scores, logProbabilities);
    }

    private static OnnxTensor tensor(OrtSession.Result result, String name) {
        return (OnnxTensor) result.get(name).orElseThrow();
    }

    private static FloatBuffer floats(OrtSession.Result result, String name) throws OrtException {
        return tensor(result, name).getFloatBuffer();
    }

    /** The best of one zone for all rows. */
    private static final class Zone {
        private final FloatBuffer logits;
        private final LongBuffer ids;
        private final FloatBuffer logSumExp;
        private final int width;

        Zone(OrtSession.Result result, String name) {
            OnnxTensor best = tensor(result, GraphNames.zoneLogits(name));
            this.width = (int) best.getInfo().getShape()[1];
            this.logits = best.getFloatBuffer();
            this.ids = tensor(result, GraphNames.zoneIds(name)).getLongBuffer();
            this.logSumExp = tensor(result, GraphNames.zoneLogSumExp(name)).getFloatBuffer();
        }

        Candidates candidates(int row, int count) {
            if (count == 0) {
                return Candidates.NONE;
            }
            int[] best = new int[count];
            float[] z = new float[count];
            for (int i = 0; i < count; i++) {
                best[i] = (int) ids.get(row * width + i);
                z[i] = logits.get(row * width + i);
            }
            return new Candidates(best, z, logSumExp.get(row));
        }
    }

    private void longs(String name, long... values) throws OrtException {
        put(
                name,
                OnnxTensor.createTensor(
                        environment, Buffers.longs(memory, values), new long[] {values.length}));
    }

    /** Values as rows of {@code width}. */
    private void table(String name, int width, long[] values) throws OrtException {
        put(
                name,
                OnnxTensor.createTensor(
                        environment,
                        Buffers.longs(memory, values),
                        new long[] {values.length / width, width}));
    }

    private void put(String name, OnnxTensor tensor) {
        owned.add(tensor);
        inputs.put(name, tensor);
    }

    @Override
    public void close() {
        owned.forEach(OnnxTensor::close);
        memory.close();
    }
}
