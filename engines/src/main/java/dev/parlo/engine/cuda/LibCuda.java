package dev.parlo.engine.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The driver's library. It is {@code libcuda.so.1} with every version of CUDA, unlike the runtime's
 * library, and what is called of it has kept its names.
 */
final class LibCuda implements CudaDriver {
    private static final String LIBRARY = "libcuda.so.1";
    private static final int PORTABLE = 1;
    private static final int NON_BLOCKING = 1;

    /** Of {@code CUDA_MEMCPY3D}: one side of the copy, then the other, then its size. */
    private static final long SIDE_BYTES = 88;

    private static final long MEMCPY3D_BYTES = 2 * SIDE_BYTES + 3 * 8;
    private static final long TYPE_OFFSET = 32;
    private static final long ADDRESS_OFFSET = 48;
    private static final long PITCH_OFFSET = 72;
    private static final long HEIGHT_OFFSET = 80;
    private static final int DEVICE_MEMORY = 2;

    private static final MemoryLayout POINTER = ValueLayout.ADDRESS;
    private static final MemoryLayout INT = ValueLayout.JAVA_INT;
    private static final MemoryLayout LONG = ValueLayout.JAVA_LONG;

    /** Functions with their arguments; each answers with a {@code CUresult}. */
    private static final Map<String, List<MemoryLayout>> FUNCTIONS =
            Map.ofEntries(
                    Map.entry("cuInit", List.of(INT)),
                    Map.entry("cuGetErrorName", List.of(INT, POINTER)),
                    Map.entry("cuDeviceGet", List.of(POINTER, INT)),
                    Map.entry("cuDevicePrimaryCtxRetain", List.of(POINTER, INT)),
                    Map.entry("cuDevicePrimaryCtxRelease_v2", List.of(INT)),
                    Map.entry("cuCtxSetCurrent", List.of(LONG)),
                    Map.entry("cuMemGetInfo_v2", List.of(POINTER, POINTER)),
                    Map.entry("cuMemAlloc_v2", List.of(POINTER, LONG)),
                    Map.entry("cuMemFree_v2", List.of(LONG)),
                    Map.entry("cuMemHostAlloc", List.of(POINTER, LONG, INT)),
                    Map.entry("cuMemFreeHost", List.of(POINTER)),
                    Map.entry("cuCtxGetStreamPriorityRange", List.of(POINTER, POINTER)),
                    Map.entry("cuStreamCreateWithPriority", List.of(POINTER, INT, INT)),
                    Map.entry("cuStreamDestroy_v2", List.of(LONG)),
                    Map.entry("cuStreamSynchronize", List.of(LONG)),
                    Map.entry("cuMemcpyHtoDAsync_v2", List.of(LONG, POINTER, LONG, LONG)),
                    Map.entry("cuMemcpyDtoHAsync_v2", List.of(POINTER, LONG, LONG, LONG)),
                    Map.entry("cuMemcpy3DAsync_v2", List.of(POINTER, LONG)),
                    Map.entry("cuMemsetD8Async", List.of(LONG, ValueLayout.JAVA_BYTE, LONG, LONG)));

    private final Map<String, MethodHandle> functions = new HashMap<>();

    /**
     * Loads the driver's library and starts it.
     *
     * @throws IllegalArgumentException where there is no such library
     * @throws CudaException where the driver does not start
     */
    public LibCuda() {
        this(SymbolLookup.libraryLookup(LIBRARY, Arena.global()));
    }

    LibCuda(SymbolLookup library) {
        Linker linker = Linker.nativeLinker();
        FUNCTIONS.forEach((name, arguments) -> {
            MethodHandle handle =
                    linker.downcallHandle(
                            library.findOrThrow(name),
                            FunctionDescriptor.of(
                                    ValueLayout.JAVA_INT, arguments.toArray(MemoryLayout[]::new)));
            functions.put(
                    name,
                    handle.asType(MethodType.genericMethodType(arguments.size()))
                            .asSpreader(Object[].class, arguments.size()));
        });
        call("cuInit", 0);
    }

    @Override
    public long retain(int device) {
        return out("cuDevicePrimaryCtxRetain", handle(device));
    }

    @Override
    public void release(int device) {
        call("cuDevicePrimaryCtxRelease_v2", handle(device));
    }

    private int handle(int device) {
        return (int) out("cuDeviceGet", device);
    }

    @Override
    public void use(long context) {
        call("cuCtxSetCurrent", context);
    }

    @Override
    public long freeBytes() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment free = arena.allocate(ValueLayout.JAVA_LONG);
            MemorySegment total = arena.allocate(ValueLayout.JAVA_LONG);
            call("cuMemGetInfo_v2", free, total);
            return free.get(ValueLayout.JAVA_LONG, 0);
        }
    }

    @Override
    public long allocate(long bytes) {
        return out("cuMemAlloc_v2", bytes);
    }

    @Override
    public void free(long address) {
        call("cuMemFree_v2", address);
    }

    @Override
    public MemorySegment allocateHost(long bytes) {
        return MemorySegment.ofAddress(out("cuMemHostAlloc", bytes, PORTABLE)).reinterpret(bytes);
    }

    @Override
    public void freeHost(MemorySegment memory) {
        call("cuMemFreeHost", memory);
    }

    @Override
    public long createStream(boolean urgent) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment least = arena.allocate(ValueLayout.JAVA_INT);
            MemorySegment greatest = arena.allocate(ValueLayout.JAVA_INT);
            call("cuCtxGetStreamPriorityRange", least, greatest);
            int priority = (urgent ? greatest : least).get(ValueLayout.JAVA_INT, 0);
            return out("cuStreamCreateWithPriority", NON_BLOCKING, priority);
        }
    }

    @Override
    public void destroyStream(long stream) {
        call("cuStreamDestroy_v2", stream);
    }

    @Override
    public void synchronize(long stream) {
        call("cuStreamSynchronize", stream);
    }

    @Override
    public void upload(long to, MemorySegment from, long stream) {
        call("cuMemcpyHtoDAsync_v2", to, from, from.byteSize(), stream);
    }

    @Override
    public void download(MemorySegment to, long from, long stream) {
        call("cuMemcpyDtoHAsync_v2", to, from, to.byteSize(), stream);
    }

    @Override
    public void copy(Block block, long stream) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment copy = arena.allocate(MEMCPY3D_BYTES, Long.BYTES);
            side(copy.asSlice(0, SIDE_BYTES), block.from(), block);
            side(copy.asSlice(SIDE_BYTES, SIDE_BYTES), block.to(), block);
            copy.set(ValueLayout.JAVA_LONG, 2 * SIDE_BYTES, block.width());
            copy.set(ValueLayout.JAVA_LONG, 2 * SIDE_BYTES + 8, block.height());
            copy.set(ValueLayout.JAVA_LONG, 2 * SIDE_BYTES + 16, block.depth());
            call("cuMemcpy3DAsync_v2", copy, stream);
        }
    }

    private static void side(MemorySegment side, long address, Block block) {
        side.set(ValueLayout.JAVA_INT, TYPE_OFFSET, DEVICE_MEMORY);
        side.set(ValueLayout.JAVA_LONG, ADDRESS_OFFSET, address);
        side.set(ValueLayout.JAVA_LONG, PITCH_OFFSET, block.pitch());
        side.set(ValueLayout.JAVA_LONG, HEIGHT_OFFSET, block.slicePitch() / block.pitch());
    }

    @Override
    public void clear(long address, long bytes, long stream) {
        call("cuMemsetD8Async", address, (byte) 0, bytes, stream);
    }

    /** Calls a function whose first argument is where it puts what it makes. */
    private long out(String function, Object... arguments) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(ValueLayout.JAVA_LONG);
            Object[] all = new Object[arguments.length + 1];
            all[0] = out;
            System.arraycopy(arguments, 0, all, 1, arguments.length);
            call(function, all);
            return out.get(ValueLayout.JAVA_LONG, 0);
        }
    }

    private void call(String function, Object... arguments) {
        int result = invoke(function, arguments);
        if (result != 0) {
            throw new CudaException(function, result, name(result));
        }
    }

    private String name(int code) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(ValueLayout.ADDRESS);
            if (invoke("cuGetErrorName", code, out) != 0) {
                return "unknown";
            }
            return out.get(ValueLayout.ADDRESS, 0).reinterpret(Integer.MAX_VALUE).getString(0);
        }
    }

    private int invoke(String function, Object... arguments) {
        MethodHandle handle = functions.get(function);
        if (handle == null) {
            throw new IllegalArgumentException(function + Arrays.toString(arguments));
        }
        try {
            return (int) (Object) handle.invokeExact(arguments);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) { // native code throws nothing
            throw new IllegalStateException(e);
        }
    }
}
