package dev.parlo.engine.cuda;

import java.lang.foreign.MemorySegment;

/** Memory of the process that a GPU copies from and to by itself. */
public final class PinnedMemory implements AutoCloseable {
    private final Gpu gpu;
    private final MemorySegment segment;
    private boolean closed;

    PinnedMemory(Gpu gpu, MemorySegment segment) {
        this.gpu = gpu;
        this.segment = segment;
    }

    public MemorySegment segment() {
        return segment;
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            gpu.freeHost(segment);
        }
    }
}
