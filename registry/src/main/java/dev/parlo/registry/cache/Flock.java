package dev.parlo.registry.cache;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * flock(2) through the foreign function interface. The JDK's own FileChannel lock is fcntl(2),
 * which on Linux and macOS does not see flock locks. Stateless after construction; safe for use by
 * many threads.
 */
final class Flock {
    private static final Logger LOG = LoggerFactory.getLogger(Flock.class);
    private static final int OPEN_READ_WRITE = 2;
    private static final int LOCK_EXCLUSIVE_NOW = 2 | 4;

    private final MethodHandle open;
    private final MethodHandle flock;
    private final MethodHandle close;
    private final StructLayout callState = Linker.Option.captureStateLayout();
    private final VarHandle errno =
            callState.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private final boolean linux;

    private Flock(Linker linker, SymbolLookup symbols, boolean linux) {
        Linker.Option state = Linker.Option.captureCallState("errno");
        this.linux = linux;
        open =
                linker.downcallHandle(
                        symbols.findOrThrow("open"),
                        FunctionDescriptor.of(
                                ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT),
                        Linker.Option.firstVariadicArg(2),
                        state);
        flock =
                linker.downcallHandle(
                        symbols.findOrThrow("flock"),
                        FunctionDescriptor.of(
                                ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT),
                        state);
        close =
                linker.downcallHandle(
                        symbols.findOrThrow("close"),
                        FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    }

    /** The function, where the system has it and native access is allowed. */
    static Optional<Flock> available() {
        String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        boolean linux = system.contains("linux");
        if (!linux && !system.contains("mac")) {
            return Optional.empty();
        }
        try {
            Linker linker = Linker.nativeLinker();
            return Optional.of(new Flock(linker, linker.defaultLookup(), linux));
        } catch (IllegalCallerException
                | UnsupportedOperationException
                | java.util.NoSuchElementException refused) {
            LOG.info(
                    "flock(2) is not to be had ({}); cache locks are the JDK's",
                    refused.toString());
            return Optional.empty();
        }
    }

    /** Takes the lock if it is free. The file is made when absent and stays. */
    Optional<FileLocking.Held> tryLock(Path file) throws IOException {
        if (!Files.exists(file)) {
            Files.newByteChannel(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE).close();
            // as huggingface_hub makes them: users of one group may share a cache
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-r--"));
        }
        int descriptor;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(callState);
            descriptor =
                    (int)
                            open.invokeExact(
                                    state,
                                    arena.allocateFrom(file.toString()),
                                    OPEN_READ_WRITE | (linux ? 0x80000 : 0x1000000));
            if (descriptor < 0) {
                throw new IOException("open " + file + ": errno " + (int) errno.get(state, 0L));
            }
            int result = (int) flock.invokeExact(state, descriptor, LOCK_EXCLUSIVE_NOW);
            if (result != 0) {
                int error = (int) errno.get(state, 0L);
                close(descriptor);
                if (error == (linux ? 11 : 35) || error == 4) {
                    return Optional.empty(); // held by another (EWOULDBLOCK), or interrupted
                }
                throw new IOException("flock " + file + ": errno " + error);
            }
        } catch (IOException | RuntimeException | Error known) {
            throw known;
        } catch (Throwable never) {
            throw new IllegalStateException(never);
        }
        if (linux && !isStill(file, descriptor)) {
            close(descriptor); // the holder before removed the file: this lock guards nothing
            return Optional.empty();
        }
        return Optional.of(() -> close(descriptor));
    }

    private static boolean isStill(Path file, int descriptor) throws IOException {
        try {
            Object opened = Files.getAttribute(Path.of("/proc/self/fd/" + descriptor), "unix:ino");
            return opened.equals(Files.getAttribute(file, "unix:ino"));
        } catch (NoSuchFileException removed) {
            return false;
        }
    }

    private void close(int descriptor) {
        try {
            int result = (int) close.invokeExact(descriptor);
            if (result != 0) {
                LOG.warn("closing a cache lock failed");
            }
        } catch (RuntimeException | Error known) {
            throw known;
        } catch (Throwable never) {
            throw new IllegalStateException(never);
        }
    }
}
