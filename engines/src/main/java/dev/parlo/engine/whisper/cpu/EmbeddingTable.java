package dev.parlo.engine.whisper.cpu;

import dev.parlo.engine.whisper.graph.EmbeddingLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Token and position embeddings, looked up in place in the mapped weights that the output
 * projection uses too, so that the largest matrix of a small model exists once. Thread-safe.
 */
final class EmbeddingTable {
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final MemorySegment weights;
    private final EmbeddingLayout layout;
    private final long positions;
    private final int positionCount;
    private final int width;

    EmbeddingTable(
            MemorySegment weights,
            EmbeddingLayout layout,
            long positions,
            int positionCount,
            int width) {
        this.weights = weights;
        this.layout = layout;
        this.positions = positions;
        this.positionCount = positionCount;
        this.width = width;
    }

    /**
     * Writes E[token] + P[position] into a row; past the last position only E[token], for rows
     * whose result is not read.
     */
    void embed(int token, int position, float[] into) {
        if (layout.block() == 0) {
            MemorySegment.copy(
                    weights,
                    FLOAT,
                    layout.values() + (long) token * width * Float.BYTES,
                    into,
                    0,
                    width);
        } else {
            dequantise(token, into);
        }
        if (position < positionCount) {
            long base = positions + (long) position * width * Float.BYTES;
            for (int i = 0; i < width; i++) {
                into[i] += weights.get(FLOAT, base + (long) i * Float.BYTES);
            }
        }
    }

    private void dequantise(int token, float[] into) {
        int block = layout.block();
        int blocks = width / block;
        long row = layout.values() + (long) token * width;
        for (int b = 0; b < blocks; b++) {
            float scale =
                    weights.get(FLOAT, layout.scales() + ((long) token * blocks + b) * Float.BYTES);
            for (int i = b * block; i < (b + 1) * block; i++) {
                int stored = weights.get(ValueLayout.JAVA_BYTE, row + i) & 0xff;
                into[i] = (stored - EmbeddingLayout.ZERO) * scale;
            }
        }
    }
}
