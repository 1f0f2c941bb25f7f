package dev.parlo.engine.cuda;

import dev.parlo.engine.onnx.capi.SessionOptions;
import java.lang.foreign.MemorySegment;

/**
 * Work of a GPU that is done in the order in which it is put in. Used by one thread at a time,
 * which calls {@link #enter} first.
 */
public final class GpuStream implements AutoCloseable {
    private final Gpu gpu;
    private final CudaDriver driver;
    private final long stream;
    private boolean closed;

    GpuStream(Gpu gpu, CudaDriver driver, long stream) {
        this.gpu = gpu;
        this.driver = driver;
        this.stream = stream;
    }

    /** Makes the GPU the calling thread's, for what follows. */
    public void enter() {
        gpu.enter();
    }

    /**
     * Options of a session that computes in this stream.
     *
     * @param graphs whether runs are recorded once and then played again
     */
    public SessionOptions sessionOptions(boolean graphs) {
        return gpu.sessionOptions(stream, graphs);
    }

    /** Copies to the device; the memory must not change until the stream is synchronised. */
    public void upload(DeviceMemory to, long offset, MemorySegment from) {
        driver.upload(to.address(offset), from, stream);
    }

    /** Copies from the device; what is in {@code to} may be read after {@link #synchronize}. */
    public void download(MemorySegment to, DeviceMemory from, long offset) {
        driver.download(to, from.address(offset), stream);
    }

    /** Copies within the device. */
    public void copy(CudaDriver.Block block) {
        driver.copy(block, stream);
    }

    void clear(DeviceMemory memory) {
        driver.clear(memory.address(0), memory.bytes(), stream);
    }

    /** Waits until all that was put in is done. */
    public void synchronize() {
        driver.synchronize(stream);
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            gpu.enter();
            driver.destroyStream(stream);
        }
    }
}
