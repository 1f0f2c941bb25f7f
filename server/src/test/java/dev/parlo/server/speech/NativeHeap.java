package dev.parlo.server.speech;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.OptionalLong;

/**
 * What native code has allocated and not freed, as glibc counts it: resident memory says little
 * beside a Java heap that grows into its pages.
 */
final class NativeHeap {
    private static final MemoryLayout MALLINFO2 =
            MemoryLayout.structLayout(MemoryLayout.sequenceLayout(10, ValueLayout.JAVA_LONG));

    /** hblkhd and uordblks: bytes in mapped blocks of their own, and in blocks in use. */
    private static final long MAPPED = 4 * Long.BYTES;

    private static final long IN_USE = 7 * Long.BYTES;

    private NativeHeap() {}

    /** Empty where there is no glibc of 2.33 or later. */
    static OptionalLong bytesInUse() throws Throwable {
        Linker linker = Linker.nativeLinker();
        MemorySegment function = linker.defaultLookup().find("mallinfo2").orElse(null);
        if (function == null) {
            return OptionalLong.empty();
        }
        MethodHandle mallinfo2 = linker.downcallHandle(function, FunctionDescriptor.of(MALLINFO2));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment info = (MemorySegment) mallinfo2.invoke((SegmentAllocator) arena);
            return OptionalLong.of(
                    info.get(ValueLayout.JAVA_LONG, MAPPED)
                            + info.get(ValueLayout.JAVA_LONG, IN_USE));
        }
    }
}
