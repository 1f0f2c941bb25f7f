package dev.parlo.engine.ggml;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/** Calls of C functions through method handles, and the strings that they answer. */
final class NativeCalls {
    private NativeCalls() {}

    /** The bytes of a C string. */
    static byte[] bytes(MemorySegment text) {
        MemorySegment whole = text.reinterpret(Long.MAX_VALUE);
        int length = 0;
        while (whole.get(ValueLayout.JAVA_BYTE, length) != 0) {
            length++;
        }
        return whole.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
    }

    /** A C string; what is not UTF-8 becomes U+FFFD. */
    static String utf8(MemorySegment text) {
        return new String(bytes(text), StandardCharsets.UTF_8);
    }

    /** A call of a method handle that gives a value. */
    @FunctionalInterface
    interface NativeCall<T> {
        T run() throws Throwable;
    }

    /** A call of a method handle that gives none. */
    @FunctionalInterface
    interface NativeAction {
        void run() throws Throwable;
    }

    /** Makes a call without a value. */
    static void perform(NativeAction action) {
        try {
            action.run();
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("A native call failed in Java", e);
        }
    }

    /** Makes a call and answers its value. */
    static <T> T call(NativeCall<T> call) {
        try {
            return call.run();
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("A native call failed in Java", e);
        }
    }
}
