package dev.parlo.engine.pool;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
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

    private final MemoryMXBean heap = ManagementFactory.getMemoryMXBean();
    private final Optional<MethodHandle> mallocTrim;

    /** Looks up {@code malloc_trim}; needs native access for this module. */
    public ProcessMemory() {
        Linker linker = Linker.nativeLinker();
        mallocTrim =
                linker.defaultLookup()
                        .find("malloc_trim")
                        .map(symbol ->
                                linker.downcallHandle(
                                        symbol,
                                        FunctionDescriptor.of(
                                                ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG)));
    }

    /** Anonymous resident bytes less the committed Java heap; never negative. */
    @Override
    public long nativeBytes() {
        return Math.max(0, statusBytes("RssAnon:") - heap.getHeapMemoryUsage().getCommitted());
    }

    /** All resident bytes of the process, heap and mapped files included; 0 when unknown. */
    public long residentBytes() {
        return statusBytes("VmRSS:");
    }

    /** Hands memory that native code has freed back to the system. False when it could not. */
    public boolean giveBack() {
        if (mallocTrim.isEmpty()) {
            return false;
        }
        try {
            return (int) mallocTrim.get().invokeExact(0L) == 1;
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
