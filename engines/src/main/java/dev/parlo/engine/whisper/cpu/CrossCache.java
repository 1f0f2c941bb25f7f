package dev.parlo.engine.whisper.cpu;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import dev.parlo.engine.whisper.checkpoint.WhisperShape;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The cross-attention keys ({@code [slots, heads, 1500, 64]}) and values ({@code [slots, heads, 64,
 * 1500]}) of every decoder layer. The encoder's thread uses {@link #slotKeys} and {@link
 * #slotValues}, the step's thread the ranges; neither changes what the other reads.
 */
final class CrossCache implements AutoCloseable {
    private final long[] keyDims;
    private final long[] valueDims;
    private final long slotBytes;
    private final CacheBlock block;

    /** Slots from the first to the last that was used. */
    private final AtomicInteger used = new AtomicInteger();

    /** One slot each, made beforehand for the encoder: {@code [plane][slot]}. */
    private final OnnxTensor[][] slots;

    CrossCache(OrtEnvironment environment, WhisperShape shape, int slots) throws OrtException {
        int audio = WhisperShape.AUDIO_POSITIONS;
        int head = WhisperShape.HEAD_WIDTH;
        keyDims = new long[] {shape.heads(), audio, head};
        valueDims = new long[] {shape.heads(), head, audio};
        slotBytes = bytes(shape);
        int planes = 2 * shape.decoderLayers();
        block = new CacheBlock(environment, planes, slots, bytes(shape) / planes);
        this.slots = new OnnxTensor[planes][slots];
        try {
            for (int plane = 0; plane < planes; plane++) {
                for (int slot = 0; slot < slots; slot++) {
                    this.slots[plane][slot] = view(plane, slot, 1);
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

    /** The encoder is about to fill a slot. */
    void use(int slot) {
        used.accumulateAndGet(slot + 1, Math::max);
    }

    /** While no slot is in use. */
    void trim() {
        if (used.get() > 1 && block.forgetFrom(1)) {
            used.set(1);
        }
    }

    OnnxTensor slotKeys(int layer, int slot) {
        return slots[2 * layer][slot];
    }

    OnnxTensor slotValues(int layer, int slot) {
        return slots[2 * layer + 1][slot];
    }

    /** Keys of consecutive slots, for the step. */
    OnnxTensor keys(int layer, int firstSlot, int count) throws OrtException {
        return view(2 * layer, firstSlot, count);
    }

    /** Values of consecutive slots, for the step. */
    OnnxTensor values(int layer, int firstSlot, int count) throws OrtException {
        return view(2 * layer + 1, firstSlot, count);
    }

    private OnnxTensor view(int plane, int first, int count) throws OrtException {
        return block.view(plane, first, count, plane % 2 == 0 ? keyDims : valueDims);
    }

    @Override
    public void close() {
        block.close();
    }
}
