package dev.parlo.engine.cuda;

import java.lang.foreign.MemorySegment;

/**
 * The CUDA driver's calls for memory, streams and copies. Addresses and streams are the driver's
 * own and mean the same to ONNX Runtime, because both work in a device's primary context. Copies
 * are put in a stream and done in its order. Thread-safe; every thread calls {@link #use} before
 * anything else.
 */
public interface CudaDriver {
    /**
     * Takes part in a device's primary context; once for every {@link #release}.
     *
     * @param device as the driver counts them
     * @return the context
     */
    long retain(int device);

    void release(int device);

    /** Makes a context the calling thread's. */
    void use(long context);

    /** Bytes that could be allocated on the context's device, if nobody else did. */
    long freeBytes();

    /**
     * Memory of the device.
     *
     * @throws CudaException of code {@link CudaException#OUT_OF_MEMORY} where there is not enough
     */
    long allocate(long bytes);

    void free(long address);

    /** Memory of the process that the device reads and writes by itself. */
    MemorySegment allocateHost(long bytes);

    void freeHost(MemorySegment memory);

    /**
     * A stream beside which the device's default stream is not waited for.
     *
     * @param urgent whether its kernels go before those of others that have not begun
     */
    long createStream(boolean urgent);

    /** After all that is in it. */
    void destroyStream(long stream);

    /** Waits until everything that was put in a stream is done. */
    void synchronize(long stream);

    /** From the process to the device. */
    void upload(long to, MemorySegment from, long stream);

    /** From the device to the process; there once the stream is synchronised. */
    void download(MemorySegment to, long from, long stream);

    /** Within the device. */
    void copy(Block block, long stream);

    /** Zeros. */
    void clear(long address, long bytes, long stream);

    /**
     * Equal pieces of a memory that is read and written in steps.
     *
     * @param from address of the first piece
     * @param to where it goes
     * @param width bytes of a piece
     * @param height pieces in a slice
     * @param depth slices
     * @param pitch bytes from one piece of a slice to the next
     * @param slicePitch bytes from one slice to the next, a multiple of {@code pitch}
     */
    record Block(
            long from, long to, long width, long height, long depth, long pitch, long slicePitch) {
        public Block {
            if (width < 0 || width > pitch || slicePitch % pitch != 0) {
                throw new IllegalArgumentException(
                        width + " bytes each " + pitch + ", slices each " + slicePitch);
            }
        }
    }
}
