package dev.parlo.engine.device;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * The system's own loader. Java's does not do here: it keeps a library's symbols to itself, and
 * what ONNX Runtime loads later would not find it. Thread-safe.
 */
final class SystemLibraries implements LibraryLoader {
    private static final int NOW_AND_FOR_ALL = 2 | 0x100; // RTLD_NOW, RTLD_GLOBAL

    private final MethodHandle open =
            function("dlopen", FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_INT));
    private final MethodHandle error = function("dlerror", FunctionDescriptor.of(ADDRESS));
    private final MethodHandle symbol =
            function("dlsym", FunctionDescriptor.of(ADDRESS, ADDRESS, ADDRESS));
    private final Map<String, MemorySegment> loaded = new ConcurrentHashMap<>();

    @Override
    public Optional<String> load(String name) {
        if (loaded.containsKey(name)) {
            return Optional.empty();
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment library =
                    (MemorySegment) open.invokeExact(arena.allocateFrom(name), NOW_AND_FOR_ALL);
            if (library.address() == 0) {
                MemorySegment text = (MemorySegment) error.invokeExact();
                return Optional.of(
                        text.address() == 0
                                ? name + ": cannot be loaded"
                                : text.reinterpret(Long.MAX_VALUE).getString(0));
            }
            loaded.put(name, library);
            return Optional.empty();
        } catch (Throwable failure) {
            throw ForeignFunction.rethrown(failure);
        }
    }

    @Override
    public OptionalLong version(String name, String function, boolean byPointer) {
        MemorySegment library = loaded.get(name);
        if (library == null) {
            return OptionalLong.empty();
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address =
                    (MemorySegment) symbol.invokeExact(library, arena.allocateFrom(function));
            if (address.address() == 0) {
                return OptionalLong.empty();
            }
            if (!byPointer) {
                MethodHandle call = ForeignFunction.at(address, JAVA_LONG);
                return OptionalLong.of((long) call.invokeExact());
            }
            MemorySegment number = arena.allocate(JAVA_INT);
            int status = (int) ForeignFunction.at(address, JAVA_INT, ADDRESS).invokeExact(number);
            return status == 0 ? OptionalLong.of(number.get(JAVA_INT, 0)) : OptionalLong.empty();
        } catch (Throwable failure) {
            throw ForeignFunction.rethrown(failure);
        }
    }

    @Override
    public Optional<String> file(String name) {
        String plain = String.valueOf(Path.of(name).getFileName());
        // Behind the name of a link stands the file, with more digits in its own.
        String stem = plain.replaceFirst("\\.so.*$", ".so");
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/maps"))) {
            return lines.map(line -> line.replaceFirst("^[^/]*", ""))
                    .filter(path -> path.contains("/" + stem))
                    .findFirst();
        } catch (IOException otherSystem) {
            return Optional.empty();
        }
    }

    private static MethodHandle function(String name, FunctionDescriptor type) {
        Linker linker = Linker.nativeLinker();
        MemorySegment address =
                linker.defaultLookup()
                        .find(name)
                        .orElseThrow(() ->
                                new UnsupportedOperationException(
                                        "This system has no " + name + "."));
        return linker.downcallHandle(address, type);
    }
}
