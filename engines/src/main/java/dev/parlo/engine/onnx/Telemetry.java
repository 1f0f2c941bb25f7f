package dev.parlo.engine.onnx;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/** Tells ONNX Runtime, before it is loaded, that it must not report anything. */
final class Telemetry {
    private static final int OVERWRITE = 1;

    private Telemetry() {}

    /**
     * Sets the variable that ONNX Runtime reads. Java cannot change its own environment, so the C
     * library does. Windows has no {@code setenv}; there {@code setTelemetry(false)} must do.
     */
    static void disable() {
        Linker linker = Linker.nativeLinker();
        Optional<MemorySegment> setenv = linker.defaultLookup().find("setenv");
        if (setenv.isEmpty()) {
            return;
        }
        MethodHandle handle =
                linker.downcallHandle(
                        setenv.get(),
                        FunctionDescriptor.of(
                                ValueLayout.JAVA_INT,
                                ValueLayout.ADDRESS,
                                ValueLayout.ADDRESS,
                                ValueLayout.JAVA_INT));
        try (Arena arena = Arena.ofConfined()) {
            int result =
                    (int)
                            handle.invokeExact(
                                    arena.allocateFrom("ORT_DISABLE_TELEMETRY"),
                                    arena.allocateFrom("1"),
                                    OVERWRITE);
            if (result != 0) {
                throw new IllegalStateException("The environment cannot be changed");
            }
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("setenv cannot be called", e);
        }
    }
}
