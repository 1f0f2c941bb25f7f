package dev.parlo.engine.whisper.cuda;

import dev.parlo.engine.cuda.DeviceMemory;
import dev.parlo.engine.cuda.Gpu;
import dev.parlo.engine.cuda.GpuStream;
import dev.parlo.engine.onnx.capi.ElementType;
import dev.parlo.engine.onnx.capi.Tensor;
import dev.parlo.engine.whisper.decode.StepRow;
import dev.parlo.engine.whisper.decode.TokenMask;
import dev.parlo.engine.whisper.graph.VocabularyChunks;
import dev.parlo.engine.whisper.network.Resources;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/** The rules on tokens that steps use, on the device: masks of text and ranges of timestamps. */
final class Rules implements AutoCloseable {
    /** Searches go through the timestamps one by one: all of them fit, and some more ranges. */
    private static final int RANGES = 2048;

    private final VocabularyChunks chunks;
    private final Resources resources = new Resources();
    private final int textRows;
    private final RuleTable<TokenMask> text;
    private final RuleTable<Range> timestamps;
    private final Tensor table;

    /** Allowed offsets from the first timestamp. */
    private record Range(int from, int end) {
        static final Range NONE = new Range(0, 0);

        static Range of(StepRow row) {
            return row.firstTimestamp() < row.endTimestamp()
                    ? new Range(row.firstTimestamp(), row.endTimestamp())
                    : NONE;
        }
    }

    /**
     * @param rows that one run reads out, at most
     */
    Rules(Gpu gpu, VocabularyChunks chunks, int rows) {
        this.chunks = chunks;
        int masks = Math.max(16, rows + 1); // one more for the set that bans nothing
        int ranges = Math.max(RANGES, rows + 1);
        textRows = masks * chunks.textCount();
        int all = textRows + ranges * chunks.timestampCount();
        long chunkBytes = (long) VocabularyChunks.SIZE * Float.BYTES;
        try {
            DeviceMemory memory = gpu.allocate(all * chunkBytes, "rules on tokens");
            resources.add(memory, memory::close);
            text = new RuleTable<>(gpu, memory, 0, masks, chunks.textWidth(), this::banned);
            resources.add(text, text::close);
            timestamps =
                    new RuleTable<>(
                            gpu,
                            memory,
                            textRows * chunkBytes,
                            ranges,
                            chunks.timestampWidth(),
                            this::banned);
            resources.add(timestamps, timestamps::close);
            table =
                    Tensor.over(
                            gpu.memory(),
                            memory.address(0),
                            ElementType.FLOAT,
                            all,
                            VocabularyChunks.SIZE);
            resources.add(table, table::close);
        } catch (RuntimeException | Error e) {
            resources.close();
            throw e;
        }
    }

    VocabularyChunks chunks() {
        return chunks;
    }

    /** Rows of 256 numbers: a chunk each. */
    Tensor table() {
        return table;
    }

    private BitSet banned(TokenMask mask) {
        BitSet banned = mask.banned();
        banned.set(chunks.firstTimestamp(), chunks.textWidth()); // what fills up the last chunk
        return banned;
    }

    private BitSet banned(Range allowed) {
        BitSet banned = new BitSet();
        banned.set(0, allowed.from());
        banned.set(allowed.end(), chunks.timestampWidth());
        return banned;
    }

    /** Has the k-th of a run be read out by the rules of each row, in their order from 0 on. */
    Placed place(Collection<StepRow> rows, GpuStream stream) {
        Set<TokenMask> masks = new HashSet<>(Set.of(TokenMask.NONE));
        Set<Range> ranges = new HashSet<>(Set.of(everyTimestamp()));
        rows.forEach(row -> {
            masks.add(row.mask());
            ranges.add(Range.of(row));
        });
        return new Placed(masks, ranges, stream);
    }

    private Range everyTimestamp() {
        return new Range(0, chunks.timestamps());
    }

    /** Rules of one run, none of which makes room for another. */
    final class Placed {
        private final Set<TokenMask> masks;
        private final Set<Range> ranges;
        private final GpuStream stream;

        private Placed(Set<TokenMask> masks, Set<Range> ranges, GpuStream stream) {
            this.masks = masks;
            this.ranges = ranges;
            this.stream = stream;
        }

        /** Has the k-th be read out after a token by a row's rules. */
        void select(StepRun run, int k, int token, StepRow row) {
            select(run, k, token, row.mask(), Range.of(row));
        }

        /** Has the k-th be read out after a token as it is. */
        void selectRaw(StepRun run, int k, int token) {
            select(run, k, token, TokenMask.NONE, everyTimestamp());
        }

        private void select(StepRun run, int k, int token, TokenMask mask, Range range) {
            run.select(
                    k,
                    token,
                    text.row(mask, masks, stream) * chunks.textCount(),
                    textRows + timestamps.row(range, ranges, stream) * chunks.timestampCount());
        }
    }

    @Override
    public void close() {
        resources.close();
    }
}
