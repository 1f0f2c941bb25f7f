package dev.parlo.engine.whisper.cpu;

import dev.parlo.engine.onnx.capi.ElementType;
import dev.parlo.engine.onnx.capi.Tensor;
import dev.parlo.engine.whisper.checkpoint.WhisperShape;
import dev.parlo.engine.whisper.decode.Probe;
import dev.parlo.engine.whisper.decode.StepResult;
import dev.parlo.engine.whisper.decode.StepResult.Candidates;
import dev.parlo.engine.whisper.decode.StepResult.Probed;
import dev.parlo.engine.whisper.decode.StepRow;
import dev.parlo.engine.whisper.decode.WindowDecoder.RowCopy;
import dev.parlo.engine.whisper.graph.GraphNames;
import dev.parlo.engine.whisper.network.Alignment;
import dev.parlo.engine.whisper.network.AlignmentTask;
import dev.parlo.engine.whisper.network.DecodeArena;
import dev.parlo.engine.whisper.network.DecoderStep;
import dev.parlo.engine.whisper.network.WindowEncoder;
import dev.parlo.engine.whisper.network.WindowStep;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/** Windows of a {@link CapiNetwork}, one row a run. */
final class CapiArena implements DecodeArena, WindowEncoder, DecoderStep {
    private final CapiNetwork network;
    private final WhisperShape shape;
    private final int slots;
    private final Arena caches = Arena.ofShared();

    /** Keys and values of each layer in turn. */
    private final MemorySegment[][] cross;

    private final Map<String, MemorySegment[]> rows = new HashMap<>();

    CapiArena(CapiNetwork network, int slots) {
        this.network = network;
        this.shape = network.shape();
        this.slots = slots;
        int planes = 2 * shape.decoderLayers();
        cross = new MemorySegment[slots][planes];
        for (MemorySegment[] slot : cross) {
            for (int plane = 0; plane < planes; plane++) {
                slot[plane] = caches.allocate(CrossCache.bytes(shape) / planes, 64);
            }
        }
    }

    private MemorySegment[] row(int slot, int width, int row) {
        return rows.computeIfAbsent(
                slot + "/" + width + "/" + row,
                key -> {
                    MemorySegment[] planes = new MemorySegment[2 * shape.decoderLayers()];
                    for (int i = 0; i < planes.length; i++) {
                        planes[i] = caches.allocate(RowCache.bytes(shape) / planes.length, 64);
                    }
                    return planes;
                });
    }

    @Override
    public void encode(float[] mel, int slot) {
        try (CapiBinding run = network.bind(network.encoder)) {
            run.floats(GraphNames.MEL, mel, 1, melBands(), WhisperShape.WINDOW_FRAMES);
            run.longs(
                    GraphNames.HEARD, LongStream.range(0, WhisperShape.AUDIO_POSITIONS).toArray());
            for (int i = 0; i < shape.decoderLayers(); i++) {
                run.binding.output(GraphNames.crossKeys(i), crossKeys(run, slot, i));
                run.binding.output(GraphNames.crossValues(i), crossValues(run, slot, i));
            }
            run.run();
        }
    }

    private Tensor crossKeys(CapiBinding run, int slot, int layer) {
        return run.over(
                cross[slot][2 * layer],
                ElementType.FLOAT,
                1,
                shape.heads(),
                WhisperShape.AUDIO_POSITIONS,
                WhisperShape.HEAD_WIDTH);
    }

    private Tensor crossValues(CapiBinding run, int slot, int layer) {
        return run.over(
                cross[slot][2 * layer + 1],
                ElementType.FLOAT,
                1,
                shape.heads(),
                WhisperShape.HEAD_WIDTH,
                WhisperShape.AUDIO_POSITIONS);
    }

    @Override
    public List<List<StepResult>> run(List<WindowStep> windows) {
        return windows.stream()
                .map(window -> window.rows().stream().map(row -> run(window, row)).toList())
                .toList();
    }

    private StepResult run(WindowStep window, StepRow row) {
        int tokens = row.tokens().length;
        int d = shape.width();
        int text = shape.firstTimestamp();
        int k = Math.max(1, row.candidates());
        try (CapiBinding run = network.bind(network.decoder)) {
            float[] x = new float[tokens * d];
            float[] embedded = new float[d];
            for (int t = 0; t < tokens; t++) {
                network.embeddings.embed(row.tokens()[t], row.position() + t, embedded);
                System.arraycopy(embedded, 0, x, t * d, d);
            }
            run.floats(GraphNames.TOKENS, x, tokens, d);
            run.ints(GraphNames.LENGTHS, row.position() + tokens - 1);
            run.ints(GraphNames.LONGEST, row.position() + tokens);
            run.longs(GraphNames.SELF_SHAPE, 1, tokens, 3L * d);
            run.longs(GraphNames.CROSS_SHAPE, 1, tokens, shape.heads(), 64);
            MemorySegment[] cache = row(window.slot(), window.width(), row.row());
            for (int i = 0; i < shape.decoderLayers(); i++) {
                cache(run, GraphNames.pastKeys(i), GraphNames.presentKeys(i), cache[2 * i]);
                cache(run, GraphNames.pastValues(i), GraphNames.presentValues(i), cache[2 * i + 1]);
                run.binding.input(GraphNames.crossKeys(i), crossKeys(run, window.slot(), i));
                run.binding.input(GraphNames.crossValues(i), crossValues(run, window.slot(), i));
            }
            Probe probe = row.probe();
            int probes = probe == null ? 0 : 1;
            int ids = probe == null ? 1 : probe.ids().length;
            long[] select = new long[1 + probes];
            select[0] = tokens - 1L;
            long[] probeIds = new long[probes * ids];
            if (probe != null) {
                select[1] = probe.at();
                for (int i = 0; i < ids; i++) {
                    probeIds[i] = probe.ids()[i];
                }
            }
            run.longs(GraphNames.SELECT, select);
            MemorySegment mask = run.arena.allocate(text, 8);
            row.mask().banned().stream()
                    .filter(id -> id < text)
                    .forEach(id -> mask.set(ValueLayout.JAVA_BYTE, id, (byte) 1));
            run.binding.input(GraphNames.MASK_TABLE, run.over(mask, ElementType.BOOL, 1, text));
            run.longs(GraphNames.MASK_ROW, 0);
            run.table(GraphNames.TIMESTAMPS_FROM, new long[] {row.firstTimestamp()}, 1, 1);
            run.table(GraphNames.TIMESTAMPS_END, new long[] {row.endTimestamp()}, 1, 1);
            run.longs(GraphNames.CANDIDATES, k);
            run.longs(GraphNames.TEXT_SLICE_END, 1, text);
            run.longs(GraphNames.TIMESTAMPS_SLICE_END, 1, shape.vocabularySize());
            run.longs(GraphNames.PROBE_SLICE_START, 1, 0);
            run.longs(GraphNames.PROBE_SLICE_END, 1 + probes, shape.vocabularySize());
            run.table(GraphNames.PROBE_IDS, probeIds, probes, ids);
            Zone texts = new Zone(run, GraphNames.TEXT, k);
            Zone times = new Zone(run, GraphNames.TIMESTAMPS, k);
            MemorySegment logits =
                    run.output(
                            GraphNames.LOGITS,
                            ElementType.FLOAT,
                            select.length,
                            shape.vocabularySize());
            MemorySegment asked = null;
            MemorySegment likely = null;
            if (probe != null) {
                asked = run.output(GraphNames.PROBE_LOGITS, ElementType.FLOAT, 1, ids);
                likely = run.output(GraphNames.PROBE_LOG_PROBABILITIES, ElementType.FLOAT, 1, ids);
            }
            run.run();
            float[] raw = new float[row.rawLogits() ? shape.vocabularySize() : 0];
            MemorySegment.copy(logits, ValueLayout.JAVA_FLOAT, 0, raw, 0, raw.length);
            Probed probed = null;
            if (asked != null && likely != null) {
                float[] values = asked.toArray(ValueLayout.JAVA_FLOAT);
                probed = new Probed(values, values[0] - likely.get(ValueLayout.JAVA_FLOAT, 0));
            }
            return new StepResult(
                    texts.candidates(row.candidates()),
                    times.candidates(row.candidates()),
                    raw,
                    probed);
        }
    }

    private void cache(CapiBinding run, String past, String present, MemorySegment memory) {
        Tensor tensor =
                run.over(
                        memory,
                        ElementType.FLOAT,
                        1,
                        shape.heads(),
                        RowCache.POSITIONS,
                        WhisperShape.HEAD_WIDTH);
        run.binding.input(past, tensor);
        run.binding.output(present, tensor);
    }

    @Override
    public void copyRow(int slot, int width, RowCopy copy) {
        MemorySegment[] from = row(slot, width, copy.from());
        MemorySegment[] to = row(slot, width, copy.to());
        for (int i = 0; i < from.length; i++) {
            to[i].copyFrom(from[i]);
        }
    }

    @Override
    public Alignment align(int slot, AlignmentTask task) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void release(int slot) {}

    @Override
    public int slots() {
        return slots;
    }

    @Override
    public int positions() {
        return shape.textPositions();
    }

    @Override
    public int vocabularySize() {
        return shape.vocabularySize();
    }

    @Override
    public int melBands() {
        return shape.melBands();
    }

    @Override
    public WindowEncoder encoder() {
        return this;
    }

    @Override
    public DecoderStep step() {
        return this;
    }

    @Override
    public long bytes() {
        return 0;
    }

    @Override
    public void trim() {}

    @Override
    public void close() {
        if (caches.scope().isAlive()) {
            caches.close();
        }
    }

    /** The best of one zone of the one row. */
    private static final class Zone {
        private final MemorySegment logits;
        private final MemorySegment ids;
        private final MemorySegment sum;

        Zone(CapiBinding run, String name, int k) {
            logits = run.output(GraphNames.zoneLogits(name), ElementType.FLOAT, 1, k);
            ids = run.output(GraphNames.zoneIds(name), ElementType.INT64, 1, k);
            sum = run.output(GraphNames.zoneLogSumExp(name), ElementType.FLOAT, 1, 1);
        }

        Candidates candidates(int count) {
            if (count == 0) {
                return Candidates.NONE;
            }
            int[] best = new int[count];
            for (int i = 0; i < count; i++) {
                best[i] = (int) ids.getAtIndex(ValueLayout.JAVA_LONG, i);
            }
            return new Candidates(
                    best,
                    logits.toArray(ValueLayout.JAVA_FLOAT),
                    sum.get(ValueLayout.JAVA_FLOAT, 0));
        }
    }
}
