package dev.parlo.engine.onnx;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/**
 * The version of the library that was loaded. The Java API tells the one that it was built with
 * itself, which is another where a folder of GPU natives is used.
 */
final class NativeVersion {
    private static final int LONGEST = 64;

    private NativeVersion() {}

    /** Asks the library; empty where it is not found. */
    static Optional<String> read() {
        Linker linker = Linker.nativeLinker();
        FunctionDescriptor pointer = FunctionDescriptor.of(ValueLayout.ADDRESS);
        return SymbolLookup.loaderLookup()
                .find("OrtGetApiBase")
                .map(function -> {
                    try {
                        MemorySegment base =
                                (MemorySegment)
                                        linker.downcallHandle(function, pointer).invokeExact();
                        // struct OrtApiBase: GetApi, GetVersionString.
                        MemorySegment version =
                                base.reinterpret(2 * ValueLayout.ADDRESS.byteSize())
                                        .getAtIndex(ValueLayout.ADDRESS, 1);
                        MemorySegment text =
                                (MemorySegment)
                                        linker.downcallHandle(version, pointer).invokeExact();
                        return text.reinterpret(LONGEST).getString(0);
                    } catch (RuntimeException | Error failure) {
                        throw failure;
                    } catch (Throwable failure) {
                        throw new IllegalStateException(failure);
                    }
                });
    }
}
