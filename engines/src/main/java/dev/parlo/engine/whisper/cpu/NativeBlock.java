package dev.parlo.engine.whisper.cpu;

import dev.parlo.engine.EngineException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Locale;
import java.util.Optional;

/**
 * A block of zeroed native memory whose pages exist only once they are written, unlike an {@code
 * Arena}'s, which are all touched at once. Not thread-safe.
 */
final class NativeBlock implements AutoCloseable {
    private static final long PAGE = 4096;
    private static final int MADV_DONTNEED = 4;

    private final MethodHandle free;

    /** Missing where pages cannot be given back one by one. */
    private final Optional<MethodHandle> madvise;

    private MemorySegment segment;

    NativeBlock(long bytes) {
        Linker linker = Linker.nativeLinker();
        MethodHandle calloc =
                linker.downcallHandle(
                        linker.defaultLookup().findOrThrow("calloc"),
                        FunctionDescriptor.of(
                                ValueLayout.ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG));
        free =
                linker.downcallHandle(
                        linker.defaultLookup().findOrThrow("free"),
                        FunctionDescriptor.ofVoid(ValueLayout.ADDRESS));
        madvise =
                linker.defaultLookup()
                        .find("madvise")
                        .map(function ->
                                linker.downcallHandle(
                                        function,
                                        FunctionDescriptor.of(
                                                ValueLayout.JAVA_INT,
                                                ValueLayout.ADDRESS,
                                                ValueLayout.JAVA_LONG,
                                                ValueLayout.JAVA_INT)));
        MemorySegment address = call(() -> (MemorySegment) calloc.invokeExact(1L, bytes));
        if (address.address() == 0) {
            throw new EngineException(
                    EngineException.Category.NO_SPACE,
                    String.format(
                            Locale.ROOT,
                            "Cannot allocate %d MB of native memory for decoding.",
                            bytes >> 20));
        }
        segment = address.reinterpret(bytes);
    }

    MemorySegment segment() {
        return segment;
    }

    /**
     * Gives the pages of a range back to the system; what was in it is lost.
     *
     * @return false where the system keeps them
     */
    boolean forget(long offset, long bytes) {
        // Whole pages: those at the edges belong to the neighbours, too.
        long address = segment.address();
        long begin = (address + offset + PAGE - 1) / PAGE * PAGE;
        long end = (address + offset + bytes) / PAGE * PAGE;
        if (madvise.isEmpty() || begin >= end) {
            return madvise.isPresent();
        }
        MemorySegment pages = segment.asSlice(begin - address, end - begin);
        try {
            return (int) madvise.get().invokeExact(pages, end - begin, MADV_DONTNEED) == 0;
        } catch (Throwable e) {
            throw new IllegalStateException("native memory call failed", e);
        }
    }

    @Override
    public void close() {
        if (segment.address() != 0) {
            MemorySegment held = segment;
            segment = MemorySegment.NULL;
            call(() -> {
                free.invokeExact(held);
                return MemorySegment.NULL;
            });
        }
    }

    private interface NativeCall {
        MemorySegment run() throws Throwable;
    }

    private static MemorySegment call(NativeCall call) {
        try {
            return call.run();
        } catch (Throwable e) {
            throw new IllegalStateException("native memory call failed", e);
        }
    }
}
