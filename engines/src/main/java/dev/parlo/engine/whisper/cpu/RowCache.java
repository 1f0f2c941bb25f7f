package dev.parlo.engine.whisper.cpu;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import dev.parlo.engine.whisper.checkpoint.WhisperShape;
import dev.parlo.engine.whisper.network.CachedTokens;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Self-attention caches of consecutive slots with equally many rows each: keys and values of every
 * decoder layer ({@code [rows, heads, positions, 64]}), and the tokens that each row holds. Used by
 * the step's thread.
 */
final class RowCache implements AutoCloseable {
    /**
     * Tokens a row can hold: 448, and eight more. A run over several windows computes every row
     * between the first and the last, and an idle row writes one token behind those it holds, which
     * for a full row is position 448, the 449th. One more would do; eight keep the length round.
     */
    static final int POSITIONS = WhisperShape.TEXT_POSITIONS + 8;

    private static final int HEAD = WhisperShape.HEAD_WIDTH;

    private final int heads;
    private final int planes;
    private final int firstSlot;
    private final int width;
    private final long slotBytes;
    private final CacheBlock block;

    /** Slots from the first to the last that was used. */
    private final AtomicInteger used = new AtomicInteger();

    private final CachedTokens[] held;
    private final Map<StepPlan, RunBinding> bindings = new HashMap<>();

    /**
     * @param width rows of each slot
     */
    RowCache(OrtEnvironment environment, WhisperShape shape, int firstSlot, int slots, int width) {
        this.heads = shape.heads();
        this.planes = 2 * shape.decoderLayers();
        this.firstSlot = firstSlot;
        this.width = width;
        this.slotBytes = width * bytes(shape);
        this.held = new CachedTokens[slots * width];
        Arrays.setAll(held, i -> new CachedTokens());
        // The last that can fail: its memory is freed by nobody else.
        this.block = new CacheBlock(environment, planes, slots * width, bytes(shape) / planes);
    }

    /** Bytes of one row. */
    static long bytes(WhisperShape shape) {
        return 2L * shape.decoderLayers() * shape.heads() * POSITIONS * HEAD * Float.BYTES;
    }

    /** Bytes of the slots that were used. */
    long bytes() {
        return used.get() * slotBytes;
    }

    /** A search is about to use a slot's rows. */
    void use(int slot) {
        used.accumulateAndGet(slot - firstSlot + 1, Math::max);
    }

    /** While no slot is in use. */
    void trim() {
        if (used.get() > 1 && block.forgetFrom(width)) {
            used.set(1);
        }
    }

    int width() {
        return width;
    }

    /** Index of a slot's row. */
    int index(int slot, int row) {
        return (slot - firstSlot) * width + row;
    }

    CachedTokens held(int index) {
        return held[index];
    }

    OnnxTensor keys(int layer, int first, int count) throws OrtException {
        return block.view(2 * layer, first, count, heads, POSITIONS, HEAD);
    }

    OnnxTensor values(int layer, int first, int count) throws OrtException {
        return block.view(2 * layer + 1, first, count, heads, POSITIONS, HEAD);
    }

    /** What a step of this plan, one token a row, is bound to. */
    RunBinding binding(CpuNetwork network, CrossCache cross, StepPlan plan) throws OrtException {
        RunBinding known = bindings.get(plan);
        if (known == null) {
            known = new RunBinding(network, cross, this, plan);
            bindings.put(plan, known);
        }
        return known;
    }

    /** Copies the first tokens of a row over another. */
    void copy(int source, int target, int length) {
        // Beams descend from one another, so most of what is to be copied is there already: rows
        // that go back to the same prefill hold the same keys up to where their tokens part.
        int same = held[source].commonPrefix(held[target], length);
        long head = (long) POSITIONS * HEAD * Float.BYTES;
        long start = (long) same * HEAD * Float.BYTES;
        long bytes = (long) (length - same) * HEAD * Float.BYTES;
        MemorySegment memory = block.memory().segment();
        for (int plane = 0; plane < planes; plane++) {
            long from = block.offset(plane, source) + start;
            long to = block.offset(plane, target) + start;
            for (int h = 0; h < heads; h++) {
                MemorySegment.copy(memory, from + h * head, memory, to + h * head, bytes);
            }
        }
        held[target].copy(held[source], length);
    }

    /** What the rows of a slot hold is not needed any more. */
    void release(int slot) {
        for (int row = 0; row < width; row++) {
            held[index(slot, row)].clear();
        }
    }

    @Override
    public void close() {
        bindings.values().forEach(RunBinding::close);
        bindings.clear();
        block.close();
    }
}
