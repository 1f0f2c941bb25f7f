package dev.parlo.engine.whisper.cpu;

import dev.parlo.engine.EngineException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Locale;

/**
 * A block of zeroed native memory whose pages exist only once they are written, unlike an {@code
 * Arena}'s, which are all touched at once. Not thread-safe.
 */
final class NativeBlock implements AutoCloseable {
    private final MethodHandle free;
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
