package dev.parlo.engine.cuda;

/** Zeroed memory of a GPU. Closing twice is harmless. */
public final class DeviceMemory implements AutoCloseable {
    private final Gpu gpu;
    private final long address;
    private final long bytes;
    private boolean closed;

    DeviceMemory(Gpu gpu, long address, long bytes) {
        this.gpu = gpu;
        this.address = address;
        this.bytes = bytes;
    }

    /** Of a byte, on the device. */
    public long address(long offset) {
        if (closed || offset < 0 || offset > bytes) {
            throw new IllegalArgumentException(
                    "byte " + offset + " of " + bytes + (closed ? ", which are freed" : ""));
        }
        return address + offset;
    }

    public long bytes() {
        return bytes;
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            gpu.free(address);
        }
    }
}
