package dev.parlo.engine.whisper.cpu;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import dev.parlo.engine.whisper.checkpoint.WhisperShape;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The cross-attention keys ({@code [slots, heads, 1500, 64]}) and values ({@code [slots, heads, 64,
 * 1500]}) of every decoder layer. A slot whose window was encoded with fewer positions has them
 * packed at the beginning of its memory, so it is read by itself and not in a row of slots. The
 * encoder's thread uses {@link #slotKeys} and {@link #slotValues}, the step's thread the ranges;
 * neither changes what the other reads.
 */
final class CrossCache implements AutoCloseable {
    private static final int WHOLE = WhisperShape.AUDIO_POSITIONS;
    private static final int HEAD = WhisperShape.HEAD_WIDTH;

    private final int heads;
    private final long slotBytes;
    private final CacheBlock block;

    /** Slots from the first to the last that was used. */
    private final AtomicInteger used = new AtomicInteger();

    /** One slot each, made beforehand for the encoder: {@code [plane][slot]}. */
    private final OnnxTensor[][] whole;

    /** The same of windows with fewer positions, made as they come; null where a slot has all. */
    private final AtomicReferenceArray<@Nullable Part> parts;

    /**
     * @param planes of the slot, which has so many positions
     */
    private record Part(int positions, OnnxTensor[] planes) {}

    CrossCache(OrtEnvironment environment, WhisperShape shape, int slots) throws OrtException {
        heads = shape.heads();
        slotBytes = bytes(shape);
        int planes = 2 * shape.decoderLayers();
        parts = new AtomicReferenceArray<>(slots);
        whole = new OnnxTensor[planes][slots];
        block = new CacheBlock(environment, planes, slots, bytes(shape) / planes);
        try {
            for (int plane = 0; plane < planes; plane++) {
                for (int slot = 0; slot < slots; slot++) {
                    whole[plane][slot] = block.view(plane, slot, 1, dims(plane, WHOLE));
                }
            }
        } catch (OrtException | RuntimeException | Error e) {
            block.close();
            throw e;
        }
    }

    /** Bytes of one slot. */
    static long bytes(WhisperShape shape) {
        return 2L
                * shape.decoderLayers()
                * shape.heads()
                * WhisperShape.AUDIO_POSITIONS
                * WhisperShape.HEAD_WIDTH
                * Float.BYTES;
    }

    /** Bytes of the slots that were used. */
    long bytes() {
        return used.get() * slotBytes;
    }

    /**
     * The encoder is about to fill a slot, which nobody reads.
     *
     * @param positions of the audio, 1 to 1500
     */
    void use(int slot, int positions) throws OrtException {
        used.accumulateAndGet(slot + 1, Math::max);
        Part before = parts.get(slot);
        if ((before == null ? WHOLE : before.positions()) == positions) {
            return;
        }
        parts.set(slot, null);
        if (before != null) {
            close(before);
        }
        if (positions < WHOLE) {
            parts.set(slot, new Part(positions, beginning(slot, positions)));
        }
    }

    private OnnxTensor[] beginning(int slot, int positions) throws OrtException {
        OnnxTensor[] planes = new OnnxTensor[whole.length];
        int made = 0;
        try {
            for (; made < planes.length; made++) {
                long[] dims = dims(made, positions);
                planes[made] = block.beginning(made, slot, 1, dims[0], dims[1], dims[2]);
            }
        } catch (Throwable e) { // errors, too: tensors lie outside of the heap
            for (int plane = 0; plane < made; plane++) {
                planes[plane].close();
            }
            throw e;
        }
        return planes;
    }

    /** Audio positions of a slot. */
    int positions(int slot) {
        Part part = parts.get(slot);
        return part == null ? WHOLE : part.positions();
    }

    /** While no slot is in use. */
    void trim() {
        if (used.get() > 1 && block.forgetFrom(1)) {
            used.set(1);
        }
    }

    OnnxTensor slotKeys(int layer, int slot) {
        return slot(2 * layer, slot);
    }

    OnnxTensor slotValues(int layer, int slot) {
        return slot(2 * layer + 1, slot);
    }

    private OnnxTensor slot(int plane, int slot) {
        Part part = parts.get(slot);
        return part == null ? whole[plane][slot] : part.planes()[plane];
    }

    /** Keys of consecutive slots, for the step; of several, all positions of each. */
    OnnxTensor keys(int layer, int firstSlot, int count) throws OrtException {
        return range(2 * layer, firstSlot, count);
    }

    /** Values of consecutive slots, for the step; of several, all positions of each. */
    OnnxTensor values(int layer, int firstSlot, int count) throws OrtException {
        return range(2 * layer + 1, firstSlot, count);
    }

    private OnnxTensor range(int plane, int first, int count) throws OrtException {
        return count == 1
                ? slot(plane, first)
                : block.view(plane, first, count, dims(plane, WHOLE));
    }

    /** Of one slot. */
    private long[] dims(int plane, int positions) {
        return plane % 2 == 0
                ? new long[] {heads, positions, HEAD}
                : new long[] {heads, HEAD, positions};
    }

    private static void close(Part part) {
        for (OnnxTensor tensor : part.planes()) {
            tensor.close();
        }
    }

    @Override
    public void close() {
        for (int slot = 0; slot < parts.length(); slot++) {
            Part part = parts.get(slot);
            if (part != null) {
                close(part);
            }
        }
        block.close();
    }
}
