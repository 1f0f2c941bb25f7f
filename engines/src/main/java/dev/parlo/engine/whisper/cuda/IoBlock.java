package dev.parlo.engine.whisper.cuda;

import dev.parlo.engine.cuda.DeviceMemory;
import dev.parlo.engine.cuda.Gpu;
import dev.parlo.engine.cuda.GpuStream;
import dev.parlo.engine.cuda.PinnedMemory;
import dev.parlo.engine.onnx.capi.ElementType;
import dev.parlo.engine.onnx.capi.Tensor;
import java.lang.foreign.MemorySegment;

/**
 * What a run gets and gives, twice: on the device, where it is bound, and in the process. One copy
 * brings all inputs, one fetches what is read.
 */
final class IoBlock implements AutoCloseable {
    private static final long ALIGNMENT = 256;

    private final Gpu gpu;
    private final DeviceMemory device;
    private final PinnedMemory host;

    IoBlock(Gpu gpu, long bytes) {
        this.gpu = gpu;
        this.device = gpu.allocate(bytes, "inputs and results of a step");
        try {
            this.host = gpu.allocateHost(bytes);
        } catch (RuntimeException | Error e) {
            device.close();
            throw e;
        }
    }

    /** Where the next array may begin. */
    static long aligned(long offset) {
        return (offset + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }

    long bytes() {
        return device.bytes();
    }

    MemorySegment host(long offset, long bytes) {
        return host.segment().asSlice(offset, bytes);
    }

    /** The caller closes it. */
    Tensor tensor(long offset, ElementType type, long... dims) {
        return Tensor.over(gpu.memory(), device.address(offset), type, dims);
    }

    void upload(GpuStream stream, long offset, long bytes) {
        stream.upload(device, offset, host(offset, bytes));
    }

    void download(GpuStream stream, long offset, long bytes) {
        stream.download(host(offset, bytes), device, offset);
    }

    @Override
    public void close() {
        device.close();
        host.close();
    }
}
