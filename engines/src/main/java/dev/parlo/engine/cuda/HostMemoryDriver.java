package dev.parlo.engine.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;

/**
 * The same calls on the process's own memory, for machines without a GPU: what runs on it is all
 * that runs on a GPU except the driver and the kernels. A stream's work is done when it is put in.
 */
public final class HostMemoryDriver implements CudaDriver {
    private static final long ALIGNMENT = 256;

    private final long capacity;
    private final Map<Long, Allocation> allocations = new HashMap<>();
    private long taken;
    private long streams;

    private record Allocation(Arena arena, long bytes) {}

    /**
     * @param capacity bytes of the device that this stands for
     */
    public HostMemoryDriver(long capacity) {
        this.capacity = capacity;
    }

    @Override
    public long retain(int device) {
        return device + 1L;
    }

    @Override
    public void release(int device) {}

    @Override
    public void use(long context) {}

    @Override
    public synchronized long freeBytes() {
        return capacity - taken;
    }

    @Override
    public long allocate(long bytes) {
        return allocated(bytes).address();
    }

    private synchronized MemorySegment allocated(long bytes) {
        if (bytes > freeBytes()) {
            throw new CudaException(
                    "allocate", CudaException.OUT_OF_MEMORY, "CUDA_ERROR_OUT_OF_MEMORY");
        }
        Arena arena = Arena.ofShared();
        MemorySegment memory = arena.allocate(bytes, ALIGNMENT);
        allocations.put(memory.address(), new Allocation(arena, bytes));
        taken += bytes;
        return memory;
    }

    @Override
    public synchronized void free(long address) {
        Allocation allocation = allocations.remove(address);
        if (allocation == null) {
            throw new CudaException("free", 1, "CUDA_ERROR_INVALID_VALUE");
        }
        taken -= allocation.bytes();
        allocation.arena().close();
    }

    @Override
    public MemorySegment allocateHost(long bytes) {
        return allocated(bytes);
    }

    @Override
    public void freeHost(MemorySegment memory) {
        free(memory.address());
    }

    @Override
    public synchronized long createStream(boolean urgent) {
        return ++streams;
    }

    @Override
    public void destroyStream(long stream) {}

    @Override
    public void synchronize(long stream) {}

    @Override
    public void upload(long to, MemorySegment from, long stream) {
        memory(to, from.byteSize()).copyFrom(from);
    }

    @Override
    public void download(MemorySegment to, long from, long stream) {
        to.copyFrom(memory(from, to.byteSize()));
    }

    @Override
    public void copy(Block block, long stream) {
        for (long slice = 0; slice < block.depth(); slice++) {
            for (long piece = 0; piece < block.height(); piece++) {
                long offset = slice * block.slicePitch() + piece * block.pitch();
                memory(block.to() + offset, block.width())
                        .copyFrom(memory(block.from() + offset, block.width()));
            }
        }
    }

    @Override
    public void clear(long address, long bytes, long stream) {
        memory(address, bytes).fill((byte) 0);
    }

    private static MemorySegment memory(long address, long bytes) {
        return MemorySegment.ofAddress(address).reinterpret(bytes);
    }
}
