package dev.parlo.engine.cuda;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** A driver that keeps what was called, in its order, and fails when it is told to. */
public final class RecordingDriver implements CudaDriver {
    private final CudaDriver driver;
    private final List<Call> calls = new ArrayList<>();
    private int failure;
    private boolean afterDownload;

    /**
     * A call.
     *
     * @param stream that it was put in, 0 for none
     * @param bytes that it moved or asked for, 0 for none
     * @param thread that called
     */
    public record Call(String name, long stream, long bytes, Thread thread) {}

    public RecordingDriver(CudaDriver driver) {
        this.driver = driver;
    }

    /** What was called since this was last asked. */
    public synchronized List<Call> calls() {
        List<Call> copy = List.copyOf(calls);
        calls.clear();
        return copy;
    }

    /** Has the next wait for a stream fail, as CUresult numbers failures. */
    public synchronized void failNextWait(int code) {
        failure = code;
        afterDownload = false;
    }

    /** Has the next wait for what was copied from the device fail. */
    public synchronized void failNextRead(int code) {
        failure = code;
        afterDownload = true;
    }

    private synchronized void keep(String name, long stream, long bytes) {
        calls.add(new Call(name, stream, bytes, Thread.currentThread()));
    }

    @Override
    public long retain(int device) {
        keep("retain", 0, 0);
        return driver.retain(device);
    }

    @Override
    public void release(int device) {
        keep("release", 0, 0);
        driver.release(device);
    }

    @Override
    public void use(long context) {
        keep("use", 0, 0);
        driver.use(context);
    }

    @Override
    public long freeBytes() {
        return driver.freeBytes();
    }

    @Override
    public long allocate(long bytes) {
        keep("allocate", 0, bytes);
        return driver.allocate(bytes);
    }

    @Override
    public void free(long address) {
        keep("free", 0, 0);
        driver.free(address);
    }

    @Override
    public MemorySegment allocateHost(long bytes) {
        keep("allocateHost", 0, bytes);
        return driver.allocateHost(bytes);
    }

    @Override
    public void freeHost(MemorySegment memory) {
        keep("freeHost", 0, 0);
        driver.freeHost(memory);
    }

    @Override
    public long createStream(boolean urgent) {
        long stream = driver.createStream(urgent);
        keep(urgent ? "createUrgentStream" : "createStream", stream, 0);
        return stream;
    }

    @Override
    public void destroyStream(long stream) {
        keep("destroyStream", stream, 0);
        driver.destroyStream(stream);
    }

    @Override
    public void synchronize(long stream) {
        int code = 0;
        synchronized (this) {
            boolean read = !calls.isEmpty() && calls.getLast().name().equals("download");
            if (read || !afterDownload) {
                code = failure;
                failure = 0;
            }
        }
        keep("synchronize", stream, 0);
        if (code != 0) {
            throw new CudaException("synchronize", code, "CUDA_ERROR_OF_A_TEST");
        }
        driver.synchronize(stream);
    }

    @Override
    public void upload(long to, MemorySegment from, long stream) {
        keep("upload", stream, from.byteSize());
        driver.upload(to, from, stream);
    }

    @Override
    public void download(MemorySegment to, long from, long stream) {
        keep("download", stream, to.byteSize());
        driver.download(to, from, stream);
    }

    @Override
    public void copy(Block block, long stream) {
        keep("copy", stream, block.width() * block.height() * block.depth());
        driver.copy(block, stream);
    }

    @Override
    public void clear(long address, long bytes, long stream) {
        keep("clear", stream, bytes);
        driver.clear(address, bytes, stream);
    }
}
