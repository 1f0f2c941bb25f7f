package dev.parlo.engine.ggml;

import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineException.Category;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * The size that the library itself gives a structure, found by watching how far one of its
 * functions writes. Our own layouts are compared with it before anything is passed by value: a
 * structure of another length would shift every argument after it.
 */
final class StructSize {
    /** Room for a structure that turns out longer than expected. */
    private static final long MARGIN = 256;

    private static final long ALIGNMENT = ValueLayout.ADDRESS.byteSize();

    private StructSize() {}

    /**
     * Checks one structure.
     *
     * @param function of the library that returns it by value
     * @param argument of that function, none where it takes no argument
     * @throws EngineException of category INTERNAL where the sizes differ
     */
    static void check(
            SymbolLookup symbols, String function, MemoryLayout expected, int... argument) {
        long size = measure(symbols, function, expected.byteSize(), argument);
        if (size != expected.byteSize()) {
            throw new EngineException(
                    Category.INTERNAL,
                    "The native Whisper library is not the expected version 1.7.1: the structure of "
                            + function
                            + " has "
                            + size
                            + " bytes instead of "
                            + expected.byteSize()
                            + ".");
        }
    }

    private static long measure(
            SymbolLookup symbols, String function, long expected, int... argument) {
        MemoryLayout roomy =
                MemoryLayout.structLayout(
                        MemoryLayout.sequenceLayout(
                                        (expected + MARGIN) / Long.BYTES, ValueLayout.JAVA_LONG)
                                .withName("bytes"));
        FunctionDescriptor type =
                argument.length == 0
                        ? FunctionDescriptor.of(roomy)
                        : FunctionDescriptor.of(roomy, ValueLayout.JAVA_INT);
        MethodHandle call =
                Linker.nativeLinker()
                        .downcallHandle(
                                symbols.find(function)
                                        .orElseThrow(() ->
                                                new EngineException(
                                                        Category.INTERNAL,
                                                        "The native Whisper library lacks "
                                                                + function)),
                                type);
        try (Arena arena = Arena.ofConfined()) {
            // A large structure is returned through memory of the caller. What the function did
            // not write keeps the pattern that we put there, which differs from call to call.
            MemorySegment first = returned(call, arena, roomy, (byte) 0x5A, argument);
            MemorySegment second = returned(call, arena, roomy, (byte) 0xA5, argument);
            long last = roomy.byteSize() - 1;
            while (last >= 0
                    && first.get(ValueLayout.JAVA_BYTE, last)
                            != second.get(ValueLayout.JAVA_BYTE, last)) {
                last--;
            }
            return (last / ALIGNMENT + 1) * ALIGNMENT; // padding at the end need not be written
        }
    }

    private static MemorySegment returned(
            MethodHandle call, Arena arena, MemoryLayout layout, byte pattern, int... argument) {
        MemorySegment target = arena.allocate(layout).fill(pattern);
        SegmentAllocator allocator = (size, alignment) -> target;
        return NativeCalls.call(() ->
                argument.length == 0
                        ? (MemorySegment) call.invokeExact(allocator)
                        : (MemorySegment) call.invokeExact(allocator, argument[0]));
    }
}
