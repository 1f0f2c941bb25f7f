package dev.parlo.engine.whisper.cuda;

import dev.parlo.engine.cuda.Gpu;
import dev.parlo.engine.cuda.GpuStream;
import dev.parlo.engine.onnx.capi.Tensor;
import dev.parlo.engine.whisper.decode.StepRow;
import dev.parlo.engine.whisper.decode.TokenMask;
import dev.parlo.engine.whisper.graph.VocabularyChunks;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/** The rules on tokens that steps use, on the device: masks of text and ranges of timestamps. */
final class Rules implements AutoCloseable {
    /** Searches go through the timestamps one by one: all of them fit, and some more ranges. */
    private static final int RANGES = 2048;

    private final VocabularyChunks chunks;
    private final RuleTable<TokenMask> text;
    private final RuleTable<Range> timestamps;

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
        // One more for the row that bans nothing.
        text = new RuleTable<>(gpu, Math.max(16, rows + 1), chunks.textWidth(), this::banned);
        try {
            timestamps =
                    new RuleTable<>(
                            gpu, Math.max(RANGES, rows + 1), chunks.timestampWidth(), this::banned);
        } catch (RuntimeException | Error e) {
            text.close();
            throw e;
        }
    }

    VocabularyChunks chunks() {
        return chunks;
    }

    Tensor text() {
        return text.tensor();
    }

    Tensor timestamps() {
        return timestamps.tensor();
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
            run.select(
                    k,
                    token,
                    text.row(row.mask(), masks, stream),
                    timestamps.row(Range.of(row), ranges, stream));
        }

        /** Has the k-th be read out after a token as it is. */
        void selectRaw(StepRun run, int k, int token) {
            run.select(
                    k,
                    token,
                    text.row(TokenMask.NONE, masks, stream),
                    timestamps.row(everyTimestamp(), ranges, stream));
        }
    }

    @Override
    public void close() {
        text.close();
        timestamps.close();
    }
}
