package dev.parlo.engine.device;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** Functions of libraries that are found while the program runs. */
final class ForeignFunction {
    private ForeignFunction() {}

    static MethodHandle at(MemorySegment address, MemoryLayout result, MemoryLayout... parameters) {
        return Linker.nativeLinker()
                .downcallHandle(address, FunctionDescriptor.of(result, parameters));
    }

    /** What a call threw, unchecked: method handles declare everything. */
    static RuntimeException rethrown(Throwable failure) {
        if (failure instanceof Error error) {
            throw error;
        }
        return failure instanceof RuntimeException exception
                ? exception
                : new IllegalStateException(failure);
    }
}
