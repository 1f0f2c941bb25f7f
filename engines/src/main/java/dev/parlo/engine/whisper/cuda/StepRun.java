package dev.parlo.engine.whisper.cuda;

import dev.parlo.engine.cuda.GpuStream;
import dev.parlo.engine.onnx.capi.ElementType;
import dev.parlo.engine.onnx.capi.RunOptions;
import dev.parlo.engine.whisper.decode.StepResult.Candidates;
import dev.parlo.engine.whisper.graph.GraphNames;
import dev.parlo.engine.whisper.graph.VocabularyChunks;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * A run of the decoder of some shape: its inputs are written here, then it is executed, then its
 * results are read here. May be used again and again.
 */
final class StepRun implements AutoCloseable {
    private static final int NOT_PLACED = -1;

    private final DeviceGraph graph;
    private final DecoderBinding binding;
    private final StepShape shape;
    private final StepLayout layout;
    private final VocabularyChunks chunks;
    private final IoBlock block;
    private final RunOptions options;
    private final int[] textRules;
    private final int[] timestampRules;

    /**
     * @param binding of the same shape; closed with this
     * @param block as large as the shape's layout asks for
     * @param options closed by whoever made them
     */
    StepRun(
            DeviceGraph graph,
            DecoderBinding binding,
            StepShape shape,
            Rules rules,
            IoBlock block,
            RunOptions options) {
        this.graph = graph;
        this.binding = binding;
        this.shape = shape;
        this.chunks = rules.chunks();
        this.layout = StepLayout.of(shape, chunks);
        this.block = block;
        this.options = options;
        int k = shape.selected();
        this.textRules = new int[k];
        this.timestampRules = new int[k];
        Arrays.fill(textRules, NOT_PLACED);
        input(GraphNames.TOKENS, layout.tokens(), ElementType.INT32, shape.tokens());
        input(GraphNames.POSITIONS, layout.positions(), ElementType.INT32, shape.tokens());
        if (graph.reads(GraphNames.LENGTHS)) {
            input(GraphNames.LENGTHS, layout.lengths(), ElementType.INT32, shape.rows());
        }
        if (graph.reads(GraphNames.FIRST)) {
            input(GraphNames.FIRST, layout.first(), ElementType.INT64, shape.rows());
        }
        input(GraphNames.RULE_ROWS, layout.ruleRows(), ElementType.INT32, k, chunks.count());
        input(GraphNames.SELECT, layout.select(), ElementType.INT64, k);
        input(GraphNames.ASKED_IDS, layout.askedIds(), ElementType.INT32, k, shape.asked());
        binding.binding().input(GraphNames.RULES, rules.table());
        binding.longs(GraphNames.CANDIDATES, shape.candidates());
        int count = chunks.count();
        output(GraphNames.BEST, layout.best(), ElementType.FLOAT, k, count, shape.candidates());
        output(GraphNames.CHUNK_LOG_SUM_EXP, layout.sums(), ElementType.FLOAT, k, count, 1);
        output(GraphNames.ASKED, layout.asked(), ElementType.FLOAT, k, shape.asked());
        output(
                GraphNames.BEST_INDEX,
                layout.index(),
                ElementType.UINT8,
                k,
                count,
                shape.candidates());
        output(GraphNames.LOGITS, layout.logits(), ElementType.FLOAT, k, chunks.width());
    }

    private void input(String name, long offset, ElementType type, long... dims) {
        binding.input(name, block.tensor(offset, type, dims));
    }

    private void output(String name, long offset, ElementType type, long... dims) {
        binding.output(name, block.tensor(offset, type, dims));
    }

    StepShape shape() {
        return shape;
    }

    /** Token i of N·S. */
    void token(int i, int id, int position) {
        integer(layout.tokens(), i, chunks.place(id));
        integer(layout.positions(), i, position);
    }

    /** How many tokens a row's cache holds already. */
    void held(int row, int tokens) {
        integer(layout.lengths(), row, tokens + shape.tokensPerRow() - 1);
        block.host(layout.first() + (long) row * Long.BYTES, Long.BYTES)
                .set(ValueLayout.JAVA_LONG, 0, tokens);
    }

    /**
     * What is read out k-th: after which of the N·S tokens, and the rules' first rows for text and
     * for timestamps, of which each chunk has the next.
     */
    void select(int k, int token, int text, int timestamps) {
        block.host(layout.select() + (long) k * Long.BYTES, Long.BYTES)
                .set(ValueLayout.JAVA_LONG, 0, token);
        if (textRules[k] == text && timestampRules[k] == timestamps) {
            return; // they stand there since the last run
        }
        textRules[k] = text;
        timestampRules[k] = timestamps;
        for (int chunk = 0; chunk < chunks.count(); chunk++) {
            int row =
                    chunk < chunks.textCount()
                            ? text + chunk
                            : timestamps + chunk - chunks.textCount();
            integer(layout.ruleRows(), k * chunks.count() + chunk, row);
        }
    }

    /** The g-th id whose logit is asked for in the k-th. */
    void ask(int k, int g, int id) {
        integer(layout.askedIds(), k * shape.asked() + g, chunks.place(id));
    }

    private void integer(long array, int index, int value) {
        block.host(array + (long) index * Integer.BYTES, Integer.BYTES)
                .set(ValueLayout.JAVA_INT, 0, value);
    }

    /** One copy up, the run, one copy down, one wait. */
    void execute(GpuStream stream) {
        block.upload(stream, 0, layout.inputBytes());
        graph.run(binding.binding(), options);
        block.download(stream, layout.readAt(), layout.readBytes());
        stream.synchronize();
    }

    /** The best text tokens of the k-th, over all of them. */
    Candidates text(int k, int count) {
        return chosen(k, 0, chunks.textCount(), count);
    }

    /** The best timestamps of the k-th. */
    Candidates timestamps(int k, int count) {
        return chosen(k, chunks.textCount(), chunks.count(), count);
    }

    private Candidates chosen(int k, int from, int end, int count) {
        if (count == 0) {
            return Candidates.NONE;
        }
        int wide = shape.candidates();
        long all = (long) shape.selected() * chunks.count();
        MemorySegment best = block.host(layout.best(), all * wide * Float.BYTES);
        MemorySegment index = block.host(layout.index(), all * wide);
        int[] ids = new int[count];
        float[] logits = new float[count];
        int filled = 0;
        for (int chunk = from; chunk < end; chunk++) {
            for (int c = 0; c < wide; c++) {
                long at = ((long) k * chunks.count() + chunk) * wide + c;
                float logit = best.getAtIndex(ValueLayout.JAVA_FLOAT, at);
                // Within a chunk and from chunk to chunk ids rise, so of equals the first stays.
                if (filled == count && logit <= logits[count - 1]) {
                    break;
                }
                int place =
                        chunk * VocabularyChunks.SIZE
                                + Byte.toUnsignedInt(index.get(ValueLayout.JAVA_BYTE, at));
                int slot = filled < count ? filled++ : count - 1;
                while (slot > 0 && logits[slot - 1] < logit) {
                    logits[slot] = logits[slot - 1];
                    ids[slot] = ids[slot - 1];
                    slot--;
                }
                logits[slot] = logit;
                ids[slot] = chunks.id(place);
            }
        }
        return new Candidates(ids, logits, logSumExp(k, from, end));
    }

    /** Over every id that the k-th's rules allow. */
    float logSumExp(int k) {
        return logSumExp(k, 0, chunks.count());
    }

    private float logSumExp(int k, int from, int end) {
        MemorySegment sums =
                block.host(
                        layout.sums() + (long) k * chunks.count() * Float.BYTES,
                        (long) chunks.count() * Float.BYTES);
        double most = Double.NEGATIVE_INFINITY;
        for (int chunk = from; chunk < end; chunk++) {
            most = Math.max(most, sums.getAtIndex(ValueLayout.JAVA_FLOAT, chunk));
        }
        double sum = 0;
        for (int chunk = from; chunk < end; chunk++) {
            sum += Math.exp(sums.getAtIndex(ValueLayout.JAVA_FLOAT, chunk) - most);
        }
        return (float) (most + Math.log(sum));
    }

    /** Raw logits of the ids that were asked for in the k-th. */
    float[] asked(int k, int count) {
        float[] values = new float[count];
        MemorySegment.copy(
                block.host(
                        layout.asked() + (long) k * shape.asked() * Float.BYTES,
                        (long) count * Float.BYTES),
                ValueLayout.JAVA_FLOAT,
                0,
                values,
                0,
                count);
        return values;
    }

    /** Raw logits of the whole vocabulary in the k-th, fetched now. */
    float[] logits(int k, GpuStream stream) {
        long bytes = (long) chunks.width() * Float.BYTES;
        long offset = layout.logits() + k * bytes;
        block.download(stream, offset, bytes);
        stream.synchronize();
        MemorySegment places = block.host(offset, bytes);
        float[] logits = new float[chunks.firstTimestamp() + chunks.timestamps()];
        for (int id = 0; id < logits.length; id++) {
            logits[id] = places.getAtIndex(ValueLayout.JAVA_FLOAT, chunks.place(id));
        }
        return logits;
    }

    @Override
    public void close() {
        binding.close();
    }
}
