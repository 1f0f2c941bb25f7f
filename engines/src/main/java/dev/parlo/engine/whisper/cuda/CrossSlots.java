package dev.parlo.engine.whisper.cuda;

import dev.parlo.engine.cuda.DeviceMemory;
import dev.parlo.engine.cuda.Gpu;
import dev.parlo.engine.onnx.capi.ElementType;
import dev.parlo.engine.onnx.capi.Tensor;
import dev.parlo.engine.whisper.checkpoint.WhisperShape;

/**
 * What the decoder reads of the audio: keys and values of every decoder layer for each slot, {@code
 * [layers, 2, slots, 1500, d]} on the device. The encoder writes a slot while others are read.
 */
final class CrossSlots implements AutoCloseable {
    private final Gpu gpu;
    private final ElementType type;
    private final int width;
    private final int slots;
    private final DeviceMemory memory;

    CrossSlots(Gpu gpu, WhisperShape shape, ElementType type, int slots) {
        this.gpu = gpu;
        this.type = type;
        this.width = shape.width();
        this.slots = slots;
        this.memory =
                gpu.allocate(slots * bytes(shape, type), "the audio of " + slots + " windows");
    }

    /** Bytes of one slot. */
    static long bytes(WhisperShape shape, ElementType type) {
        return 2L
                * shape.decoderLayers()
                * WhisperShape.AUDIO_POSITIONS
                * shape.width()
                * type.bytes();
    }

    long bytes() {
        return memory.bytes();
    }

    /** Of consecutive slots; the caller closes it. */
    Tensor keys(int layer, int firstSlot, int count) {
        return view(2 * layer, firstSlot, count);
    }

    /** Of consecutive slots; the caller closes it. */
    Tensor values(int layer, int firstSlot, int count) {
        return view(2 * layer + 1, firstSlot, count);
    }

    private Tensor view(int plane, int first, int count) {
        long audio = WhisperShape.AUDIO_POSITIONS;
        long offset = ((long) plane * slots + first) * audio * width * type.bytes();
        return Tensor.over(gpu.memory(), memory.address(offset), type, count, audio, width);
    }

    @Override
    public void close() {
        memory.close();
    }
}
