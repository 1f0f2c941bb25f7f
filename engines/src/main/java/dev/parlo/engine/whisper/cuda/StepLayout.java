package dev.parlo.engine.whisper.cuda;

import dev.parlo.engine.whisper.graph.VocabularyChunks;

/**
 * Where the arrays of a run lie in its {@link IoBlock}: inputs, then what is read after every run,
 * then the logits, which are only read where they are asked for.
 *
 * @param inputBytes of all inputs, from 0
 * @param readAt where what is read begins
 * @param readBytes of it
 * @param bytes in all
 */
record StepLayout(
        long tokens,
        long positions,
        long lengths,
        long first,
        long ruleRows,
        long select,
        long askedIds,
        long inputBytes,
        long readAt,
        long best,
        long sums,
        long asked,
        long index,
        long readBytes,
        long logits,
        long bytes) {
    static StepLayout of(StepShape shape, VocabularyChunks chunks) {
        long int32 = Integer.BYTES;
        long tokens = 0;
        long positions = after(tokens, shape.tokens() * int32);
        long lengths = after(positions, shape.tokens() * int32);
        long first = after(lengths, shape.rows() * int32);
        long ruleRows = after(first, shape.rows() * (long) Long.BYTES);
        long found = (long) shape.selected() * chunks.count();
        long select = after(ruleRows, found * int32);
        long askedIds = after(select, shape.selected() * (long) Long.BYTES);
        long asked = (long) shape.selected() * shape.asked();
        long readAt = after(askedIds, asked * int32);
        long best = readAt;
        long sums = after(best, found * shape.candidates() * Float.BYTES);
        long askedAt = after(sums, found * Float.BYTES);
        long index = after(askedAt, asked * Float.BYTES);
        long logits = after(index, found * shape.candidates());
        long bytes = after(logits, (long) shape.selected() * chunks.width() * Float.BYTES);
        return new StepLayout(
                tokens,
                positions,
                lengths,
                first,
                ruleRows,
                select,
                askedIds,
                readAt,
                readAt,
                best,
                sums,
                askedAt,
                index,
                logits - readAt,
                logits,
                bytes);
    }

    private static long after(long offset, long bytes) {
        return IoBlock.aligned(offset + bytes);
    }
}
