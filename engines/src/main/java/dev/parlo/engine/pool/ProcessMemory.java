package dev.parlo.engine.pool;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The memory of this process as Linux counts it, and glibc's way to give freed memory back. On
 * other systems it tells 0 and gives nothing back. Thread-safe.
 */
public final class ProcessMemory implements ResidentMemory {
    private static final Path STATUS = Path.of("/proc/self/status");

    // glibc's malloc.h
    private static final int M_TRIM_THRESHOLD = -1;
    private static final int M_MMAP_THRESHOLD = -3;
    private static final int LARGE_BLOCK = 1 << 20;

    /** {@code struct mallinfo2}: ten size_t. */
    private static final MemoryLayout MALLINFO =
            MemoryLayout.structLayout(
                    MemoryLayout.sequenceLayout(10, ValueLayout.JAVA_LONG).withName("fields"));

    private static final int MAPPED_BYTES = 4; // hblkhd
    private static final int USED_ARENA_BYTES = 7; // uordblks

    private final MemoryMXBean heap = ManagementFactory.getMemoryMXBean();

    /** glibc's functions, bound when one is first called; needs native access for this module. */
    private static final class Glibc {
        static final Optional<MethodHandle> MALLOC_TRIM =
                lookUp(
                        "malloc_trim",
                        FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG));
        static final Optional<MethodHandle> MALLOPT =
                lookUp(
                        "mallopt",
                        FunctionDescriptor.of(
                                ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
        static final Optional<MethodHandle> MALLINFO2 =
                lookUp("mallinfo2", FunctionDescriptor.of(MALLINFO));
    }

    private static Optional<MethodHandle> lookUp(String name, FunctionDescriptor type) {
        Linker linker = Linker.nativeLinker();
        return linker.defaultLookup().find(name).map(symbol -> linker.downcallHandle(symbol, type));
    }

    /**
     * What native code holds of malloc's memory, in all arenas and in blocks of their own. Where
     * glibc cannot tell (before 2.33), anonymous resident bytes less the committed Java heap, which
     * misses growth while parts of that heap are still untouched. Never negative.
     */
    @Override
    public long nativeBytes() {
        if (Glibc.MALLINFO2.isEmpty()) {
            return Math.max(0, statusBytes("RssAnon:") - heap.getHeapMemoryUsage().getCommitted());
        }
        try (Arena arena = Arena.ofConfined()) {
            SegmentAllocator memory = arena;
            MemorySegment info = (MemorySegment) Glibc.MALLINFO2.get().invokeExact(memory);
            return info.getAtIndex(ValueLayout.JAVA_LONG, MAPPED_BYTES)
                    + info.getAtIndex(ValueLayout.JAVA_LONG, USED_ARENA_BYTES);
        } catch (Throwable failure) {
            throw new IllegalStateException("mallinfo2 failed", failure);
        }
    }

    /** All resident bytes of the process, heap and mapped files included; 0 when unknown. */
    public long residentBytes() {
        return statusBytes("VmRSS:");
    }

    /**
     * Has glibc hand blocks of a mebibyte and more back to the system the moment they are freed,
     * for the whole process and from now on. By itself it stops doing so for blocks of up to 32 MiB
     * once one was freed, and keeps the end of each thread's arena, which {@link #giveBack} does
     * not reach either: a hundred megabytes stay behind after some models were unloaded. False when
     * it could not be told.
     */
    public boolean keepNoLargeBlocks() {
        if (Glibc.MALLOPT.isEmpty()) {
            return false;
        }
        try {
            MethodHandle set = Glibc.MALLOPT.get();
            return (int) set.invokeExact(M_MMAP_THRESHOLD, LARGE_BLOCK) == 1
                    & (int) set.invokeExact(M_TRIM_THRESHOLD, LARGE_BLOCK) == 1;
        } catch (Throwable failure) {
            throw new IllegalStateException("mallopt failed", failure);
        }
    }

    /** Hands memory that native code has freed back to the system. False when it could not. */
    public boolean giveBack() {
        if (Glibc.MALLOC_TRIM.isEmpty()) {
            return false;
        }
        try {
            return (int) Glibc.MALLOC_TRIM.get().invokeExact(0L) == 1;
        } catch (Throwable failure) {
            throw new IllegalStateException("malloc_trim failed", failure);
        }
    }

    private static long statusBytes(String field) {
        try {
            for (String line : Files.readAllLines(STATUS)) {
                if (line.startsWith(field)) {
                    String digits = line.substring(field.length()).replaceAll("\\D", "");
                    return Long.parseLong(digits) * 1024;
                }
            }
            return 0;
        } catch (IOException noProcfs) {
            return 0;
        }
    }
}
