package dev.parlo.engine.whisper.graph;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.parlo.engine.whisper.checkpoint.WhisperConfig;
import dev.parlo.engine.whisper.checkpoint.WhisperShape;
import dev.parlo.engine.whisper.decode.DecoderStep;
import dev.parlo.engine.whisper.decode.StepResult;
import dev.parlo.engine.whisper.decode.StepResult.Candidates;
import dev.parlo.engine.whisper.decode.StepRow;
import dev.parlo.engine.whisper.decode.TokenMask;
import java.lang.foreign.Arena;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One run of the decoder graph: its tensors, the run itself, and what comes back. Closing frees all
 * but the caches.
 */
final class StepInputs implements AutoCloseable {
    private static final List<String> CANDIDATES =
            List.of("text_logits", "text_ids", "text_lse", "ts_logits", "ts_ids", "ts_lse");

    private final Arena memory = Arena.ofConfined();
    private final OrtEnvironment environment;
    private final WhisperModel model;
    private final StepPlan plan;
    private final Map<String, OnnxTensor> inputs = new HashMap<>();
    private final Map<String, OnnxTensor> presents = new HashMap<>();
    private final List<OnnxTensor> owned = new ArrayList<>();

    StepInputs(WhisperModel model, KeyValueCaches caches, StepPlan plan) throws OrtException {
        this.environment = model.environment();
        this.model = model;
        this.plan = plan;
        for (int i = 0; i < model.shape().decoderLayers(); i++) {
            OnnxTensor keys = caches.self(2 * i, plan.firstRow(), plan.rows());
            OnnxTensor values = caches.self(2 * i + 1, plan.firstRow(), plan.rows());
            inputs.put(DecoderGraph.past('k', i), keys);
            inputs.put(DecoderGraph.past('v', i), values);
            presents.put(DecoderGraph.present('k', i), keys);
            presents.put(DecoderGraph.present('v', i), values);
            inputs.put(
                    EncoderGraph.crossKey(i),
                    caches.cross(2 * i, plan.firstWindow(), plan.windows()));
            inputs.put(
                    EncoderGraph.crossValue(i),
                    caches.cross(2 * i + 1, plan.firstWindow(), plan.windows()));
        }
    }

    /** Room for the embedded tokens, [N·S, d]. */
    FloatBuffer embeddings() {
        return Buffers.floats(memory, plan.tokens() * model.shape().width());
    }

    /** Embedded tokens [N·S, d] and, for each row, the index of its last token. */
    void tokens(FloatBuffer x, int[] lengths) throws OrtException {
        int width = model.shape().width();
        int longest = 0;
        for (int length : lengths) {
            longest = Math.max(longest, length + 1);
        }
        put("x", OnnxTensor.createTensor(environment, x, new long[] {plan.tokens(), width}));
        longs("self_shape", plan.rows(), plan.tokensPerRow(), 3L * width);
        longs(
                "cross_shape",
                plan.windows(),
                plan.queriesPerWindow(),
                model.shape().heads(),
                WhisperShape.HEAD_WIDTH);
        put(
                "lengths",
                OnnxTensor.createTensor(
                        environment, Buffers.ints(memory, lengths), new long[] {lengths.length}));
        put(
                "longest",
                OnnxTensor.createTensor(
                        environment, Buffers.ints(memory, longest), new long[] {1}));
    }

    /** What to read out, and what may be chosen there. */
    void readout(Readout readout, MaskTable masks) throws OrtException {
        int count = readout.select().length;
        Set<TokenMask> inUse = new HashSet<>();
        readout.rows().forEach(row -> inUse.add(row.mask()));
        long[] maskRows = new long[count];
        long[] from = new long[count];
        long[] end = new long[count];
        for (int i = 0; i < count; i++) {
            StepRow row = readout.rowOf(i);
            maskRows[i] = masks.row(row.mask(), inUse);
            from[i] = row.firstTimestamp();
            end[i] = row.endTimestamp();
        }
        inputs.put("mask_table", masks.tensor());
        longs("select", readout.select());
        longs("mask_row", maskRows);
        put(
                "ts_from",
                OnnxTensor.createTensor(
                        environment, Buffers.longs(memory, from), new long[] {count, 1}));
        put(
                "ts_end",
                OnnxTensor.createTensor(
                        environment, Buffers.longs(memory, end), new long[] {count, 1}));
        longs("candidates", readout.candidates());
    }

    List<StepResult> run(Readout readout) throws OrtException {
        Set<String> outputs = new LinkedHashSet<>(CANDIDATES);
        if (readout.wantsLogits()) {
            outputs.add("logits");
        }
        try (OrtSession.Result result = model.decoder().run(inputs, outputs, presents)) {
            Zone text = new Zone(result, "text");
            Zone timestamps = new Zone(result, "ts");
            List<StepResult> results = new ArrayList<>();
            for (int i = 0; i < readout.rows().size(); i++) {
                int wanted = readout.rows().get(i).candidates();
                results.add(
                        new StepResult(
                                text.candidates(i, wanted),
                                timestamps.candidates(i, wanted),
                                readout.wantsLogits()
                                        ? logits(result, readout.logitsOf().get(i))
                                        : new float[0][]));
            }
            return results;
        }
    }

    DecoderStep.Alignment align(List<WhisperConfig.AlignmentHead> heads, int tokens)
            throws OrtException {
        Set<String> outputs = new LinkedHashSet<>();
        outputs.add("logits");
        heads.forEach(head -> outputs.add(DecoderGraph.scores(head.layer())));
        int audio = WhisperShape.AUDIO_POSITIONS;
        try (OrtSession.Result result = model.decoder().run(inputs, outputs, presents)) {
            float[] scores = new float[heads.size() * tokens * audio];
            for (int h = 0; h < heads.size(); h++) {
                // [1, heads, 1500, tokens] of the layer to [tokens, 1500] of the head
                FloatBuffer layer =
                        tensor(result, DecoderGraph.scores(heads.get(h).layer())).getFloatBuffer();
                int base = heads.get(h).head() * audio * tokens;
                for (int a = 0; a < audio; a++) {
                    for (int t = 0; t < tokens; t++) {
                        scores[(h * tokens + t) * audio + a] = layer.get(base + a * tokens + t);
                    }
                }
            }
            int[] all = new int[tokens];
            for (int t = 0; t < tokens; t++) {
                // the read-out's first entry is the last token, the others follow in order
                all[t] = t == tokens - 1 ? 0 : t + 1;
            }
            return new DecoderStep.Alignment(heads.size(), scores, logits(result, all));
        }
    }

    private float[][] logits(OrtSession.Result result, int[] entries) throws OrtException {
        int vocabulary = model.shape().vocabularySize();
        FloatBuffer all = tensor(result, "logits").getFloatBuffer();
        float[][] rows = new float[entries.length][vocabulary];
        for (int i = 0; i < entries.length; i++) {
            all.get(entries[i] * vocabulary, rows[i]);
        }
        return rows;
    }

    private static OnnxTensor tensor(OrtSession.Result result, String name) {
        return (OnnxTensor) result.get(name).orElseThrow();
    }

    /** The best of one zone for all rows. */
    private static final class Zone {
        private final FloatBuffer logits;
        private final LongBuffer ids;
        private final FloatBuffer logSumExp;
        private final int width;

        Zone(OrtSession.Result result, String name) {
            OnnxTensor best = tensor(result, name + "_logits");
            this.width = (int) best.getInfo().getShape()[1];
            this.logits = best.getFloatBuffer();
            this.ids = tensor(result, name + "_ids").getLongBuffer();
            this.logSumExp = tensor(result, name + "_lse").getFloatBuffer();
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
