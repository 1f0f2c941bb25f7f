package dev.parlo.engine.device;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;

/**
 * The driver of this machine, by its library: the one name that is the same for every version of
 * CUDA. Asking makes no context and takes no memory of a GPU. Thread-safe.
 */
final class NvidiaDriver implements GpuDriver {
    static final String LIBRARY = "libcuda.so.1";

    private static final int MULTIPROCESSOR_COUNT = 16;
    private static final int CAPABILITY_MAJOR = 75;
    private static final int CAPABILITY_MINOR = 76;
    private static final int LONGEST_NAME = 256;

    private final SymbolLookup library;

    private NvidiaDriver(SymbolLookup library) {
        this.library = library;
    }

    /**
     * Loads the driver and starts it.
     *
     * @throws GpuRefusal where there is none, or it does not work
     */
    public static NvidiaDriver open() {
        NvidiaDriver driver;
        try {
            // The system's names, not Java's: libcuda.so without a number comes with compilers.
            driver = new NvidiaDriver(SymbolLookup.libraryLookup(LIBRARY, Arena.global()));
        } catch (IllegalArgumentException missing) {
            throw new GpuRefusal(
                    "There is no NVIDIA driver: "
                            + LIBRARY
                            + " is not found. Install one, and start a container with --gpus all"
                            + " and NVIDIA_DRIVER_CAPABILITIES=compute,utility.",
                    missing);
        }
        int status = driver.call("cuInit", 0);
        if (status != 0) {
            throw new GpuRefusal(DriverStatus.sentence("cuInit", status));
        }
        return driver;
    }

    @Override
    public int cudaVersion() {
        return number("cuDriverGetVersion");
    }

    @Override
    public List<Gpu> gpus() {
        int count = number("cuDeviceGetCount");
        List<Gpu> found = new ArrayList<>(count);
        for (int index = 0; index < count; index++) {
            found.add(gpu(index));
        }
        return found;
    }

    private Gpu gpu(int index) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment handle = arena.allocate(JAVA_INT);
            check(
                    "cuDeviceGet",
                    (int)
                            handle("cuDeviceGet", JAVA_INT, ADDRESS, JAVA_INT)
                                    .invokeExact(handle, index));
            int device = handle.get(JAVA_INT, 0);
            MemorySegment name = arena.allocate(LONGEST_NAME);
            check(
                    "cuDeviceGetName",
                    (int)
                            handle("cuDeviceGetName", JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT)
                                    .invokeExact(name, LONGEST_NAME, device));
            MemorySegment bytes = arena.allocate(JAVA_LONG);
            check(
                    "cuDeviceTotalMem_v2",
                    (int)
                            handle("cuDeviceTotalMem_v2", JAVA_INT, ADDRESS, JAVA_INT)
                                    .invokeExact(bytes, device));
            return new Gpu(
                    index,
                    name.getString(0),
                    10 * attribute(arena, CAPABILITY_MAJOR, device)
                            + attribute(arena, CAPABILITY_MINOR, device),
                    attribute(arena, MULTIPROCESSOR_COUNT, device),
                    bytes.get(JAVA_LONG, 0));
        } catch (Throwable failure) {
            throw ForeignFunction.rethrown(failure);
        }
    }

    private int attribute(Arena arena, int which, int device) throws Throwable {
        MemorySegment value = arena.allocate(JAVA_INT);
        check(
                "cuDeviceGetAttribute",
                (int)
                        handle("cuDeviceGetAttribute", JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT)
                                .invokeExact(value, which, device));
        return value.get(JAVA_INT, 0);
    }

    private int number(String function) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(JAVA_INT);
            check(function, (int) handle(function, JAVA_INT, ADDRESS).invokeExact(value));
            return value.get(JAVA_INT, 0);
        } catch (Throwable failure) {
            throw ForeignFunction.rethrown(failure);
        }
    }

    private int call(String function, int argument) {
        try {
            return (int) handle(function, JAVA_INT, JAVA_INT).invokeExact(argument);
        } catch (Throwable failure) {
            throw ForeignFunction.rethrown(failure);
        }
    }

    private static void check(String function, int status) {
        if (status != 0) {
            throw new GpuRefusal(DriverStatus.sentence(function, status));
        }
    }

    private MethodHandle handle(String name, MemoryLayout result, MemoryLayout... parameters) {
        MemorySegment address =
                library.find(name)
                        .orElseThrow(() ->
                                new GpuRefusal(
                                        "The NVIDIA driver has no "
                                                + name
                                                + ": it is older than CUDA 11. Update it."));
        return ForeignFunction.at(address, result, parameters);
    }
}
