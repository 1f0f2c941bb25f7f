package dev.parlo.engine.onnx.capi;

import dev.parlo.engine.onnx.OnnxEnvironment;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;

/**
 * The C API of a loaded ONNX Runtime. Thread-safe, as the library itself is; what is made with it
 * is not, unless it says so.
 */
public final class OrtApi {
    /**
     * The smallest version that has every function that is called, so that older and newer
     * libraries serve alike.
     */
    static final int VERSION = 24;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final int GET_API = 0;
    private static final int GET_VERSION_STRING = 1;
    private static final int WARNINGS = 2;

    /** Longest text that is read from the library; its messages have some hundred characters. */
    private static final long MOST_TEXT = 1 << 16;

    private final String version;
    private final MemorySegment environment;
    private final Map<OrtFunction, MethodHandle> functions = new EnumMap<>(OrtFunction.class);
    private final LongAdder openHandles = new LongAdder();

    private OrtApi(SymbolLookup library) {
        MemorySegment base =
                address(
                        handle(
                                library.findOrThrow("OrtGetApiBase"),
                                FunctionDescriptor.of(ValueLayout.ADDRESS)));
        MemorySegment entries = table(base, GET_VERSION_STRING + 1);
        version =
                text(
                        address(
                                handle(
                                        entry(entries, GET_VERSION_STRING),
                                        FunctionDescriptor.of(ValueLayout.ADDRESS))));
        MemorySegment found =
                address(
                        handle(
                                entry(entries, GET_API),
                                FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_INT)),
                        VERSION);
        if (found.address() == 0) {
            throw new IllegalStateException(
                    "ONNX Runtime "
                            + version
                            + " is too old; 1."
                            + VERSION
                            + " or later is needed.");
        }
        MemorySegment table = table(found, last() + 1);
        for (OrtFunction function : OrtFunction.values()) {
            functions.put(function, handle(entry(table, function.slot()), function.descriptor()));
        }
        // One for each process: where there is one already, this is the same. It is never
        // released, because the Java API's belongs to the process too.
        environment = create(OrtFunction.CREATE_ENV, WARNINGS, "parlo");
    }

    /** Of the library that the Java API has loaded, so that the process has one of them. */
    public static OrtApi ofJava() {
        OnnxEnvironment.get();
        return new OrtApi(SymbolLookup.loaderLookup());
    }

    /** Such as {@code 1.29.0}. */
    public String version() {
        return version;
    }

    /** What the library was built from and for, in its own words. */
    public String buildInfo() {
        return text((MemorySegment) invoke(OrtFunction.GET_BUILD_INFO_STRING));
    }

    /** Providers that the library was built with, such as {@code CUDAExecutionProvider}. */
    public List<String> providers() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment list = arena.allocate(ValueLayout.ADDRESS);
            MemorySegment length = arena.allocate(ValueLayout.JAVA_INT);
            call(OrtFunction.GET_AVAILABLE_PROVIDERS, list, length);
            MemorySegment names = list.get(ValueLayout.ADDRESS, 0);
            int count = length.get(ValueLayout.JAVA_INT, 0);
            List<String> providers = pointers(names, count).stream().map(this::text).toList();
            call(OrtFunction.RELEASE_AVAILABLE_PROVIDERS, names, count);
            return providers;
        }
    }

    /** What was made and is not closed. */
    public long openHandles() {
        return openHandles.sum();
    }

    void opened() {
        openHandles.increment();
    }

    MemorySegment environment() {
        return environment;
    }

    /**
     * Calls a function that answers with a status. Strings are handed over as C strings, which live
     * as long as the call.
     *
     * @throws OrtStatusException with the library's words where it fails
     */
    void call(OrtFunction function, Object... arguments) {
        try (Arena arena = Arena.ofConfined()) {
            Object[] passed = arguments.clone();
            for (int i = 0; i < passed.length; i++) {
                if (passed[i] instanceof String string) {
                    passed[i] = arena.allocateFrom(string);
                }
            }
            MemorySegment status = (MemorySegment) invoke(function, passed);
            if (status.address() != 0) {
                throw failure(function, status);
            }
        }
    }

    /** Calls a function whose last argument is where it puts a pointer. */
    MemorySegment create(OrtFunction function, Object... arguments) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(ValueLayout.ADDRESS);
            Object[] all = Arrays.copyOf(arguments, arguments.length + 1);
            all[arguments.length] = out;
            call(function, all);
            return out.get(ValueLayout.ADDRESS, 0);
        }
    }

    /** Ends something that was made. */
    void close(OrtFunction release, MemorySegment address) {
        release(release, address);
        openHandles.decrement();
    }

    private void release(OrtFunction function, MemorySegment address) {
        invoke(function, address);
    }

    String text(MemorySegment address) {
        return address.reinterpret(MOST_TEXT).getString(0);
    }

    private OrtStatusException failure(OrtFunction function, MemorySegment status) {
        int code = (int) invoke(OrtFunction.GET_ERROR_CODE, status);
        String message = text((MemorySegment) invoke(OrtFunction.GET_ERROR_MESSAGE, status));
        release(OrtFunction.RELEASE_STATUS, status);
        return new OrtStatusException(function.header(), code, message);
    }

    private Object invoke(OrtFunction function, Object... arguments) {
        MethodHandle handle = functions.get(function);
        if (handle == null) {
            throw new IllegalStateException(function + " is not bound");
        }
        return invoke(handle, arguments);
    }

    private static Object invoke(MethodHandle handle, Object... arguments) {
        try {
            return (Object) handle.invokeExact(arguments);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) { // native code throws nothing
            throw new IllegalStateException(e);
        }
    }

    private static MemorySegment address(MethodHandle handle, Object... arguments) {
        return (MemorySegment) invoke(handle, arguments);
    }

    /**
     * A function that takes its arguments as an array: one shape for all of them, and, unlike
     * {@code invokeWithArguments}, compiled once.
     */
    private static MethodHandle handle(MemorySegment function, FunctionDescriptor descriptor) {
        MethodHandle handle = LINKER.downcallHandle(function, descriptor);
        int arguments = descriptor.argumentLayouts().size();
        return handle.asType(MethodType.genericMethodType(arguments))
                .asSpreader(Object[].class, arguments);
    }

    /** The entries of a table of pointers. */
    static List<MemorySegment> pointers(MemorySegment table, int count) {
        MemorySegment entries = table(table, count);
        return IntStream.range(0, count).mapToObj(i -> entry(entries, i)).toList();
    }

    private static MemorySegment table(MemorySegment address, int entries) {
        return address.reinterpret(entries * ValueLayout.ADDRESS.byteSize());
    }

    private static MemorySegment entry(MemorySegment table, int index) {
        return table.getAtIndex(ValueLayout.ADDRESS, index);
    }

    private static int last() {
        int last = 0;
        for (OrtFunction function : OrtFunction.values()) {
            last = Math.max(last, function.slot());
        }
        return last;
    }
}
