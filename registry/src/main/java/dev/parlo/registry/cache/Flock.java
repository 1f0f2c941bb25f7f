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
import java.util.NoSuchElementException;
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
    private static final int CLOSE_ON_EXEC_LINUX = 0x80000;
    private static final int CLOSE_ON_EXEC_MAC = 0x1000000;
    private static final int WOULD_BLOCK_LINUX = 11;
    private static final int WOULD_BLOCK_MAC = 35;
    private static final int INTERRUPTED = 4;

    private final MethodHandle open;
    private final MethodHandle flock;
    private final MethodHandle close;
    private final StructLayout callState = Linker.Option.captureStateLayout();
    private final VarHandle errno =
            callState.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private final boolean linux;
    private final Identity identity;

    private Flock(Linker linker, SymbolLookup symbols, boolean linux, Identity identity) {
        this.identity = identity;
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
        return available(Flock::isStill);
    }

    static Optional<Flock> available(Identity identity) {
        String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        boolean linux = system.contains("linux");
        if (!linux && !system.contains("mac")) {
            return Optional.empty();
        }
        try {
            Linker linker = Linker.nativeLinker();
            return Optional.of(new Flock(linker, linker.defaultLookup(), linux, identity));
        } catch (IllegalCallerException
                | UnsupportedOperationException
                | NoSuchElementException refused) {
            LOG.info(
                    "flock(2) cannot be called ({}); the JDK's file locks are used",
                    refused.toString());
            return Optional.empty();
        }
    }

    /** Takes the lock if it is free. The file is made when absent and stays. */
    Optional<FileLocking.Held> tryLock(Path file) throws IOException {
        create(file);
        int descriptor = open(file);
        boolean kept = false;
        try {
            // the process that held the lock before may have removed the file: then the lock guards
            // nothing
            kept = lock(file, descriptor) && (!linux || identity.same(file, descriptor));
        } finally {
            if (!kept) {
                close(descriptor); // also on failures: an open descriptor would hold the lock
            }
        }
        return kept ? Optional.of(() -> close(descriptor)) : Optional.empty();
    }

    private static void create(Path file) throws IOException {
        if (Files.exists(file)) {
            return;
        }
        Files.newByteChannel(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE).close();
        try {
            // as huggingface_hub makes them: users of one group may share a cache
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-r--"));
        } catch (IOException | UnsupportedOperationException noPermissions) {
            LOG.debug("{} keeps its permissions: {}", file, noPermissions.toString()); // exFAT
        }
    }

    private int open(Path file) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(callState);
            int descriptor =
                    (int)
                            open.invokeExact(
                                    state,
                                    arena.allocateFrom(file.toString()),
                                    OPEN_READ_WRITE
                                            | (linux ? CLOSE_ON_EXEC_LINUX : CLOSE_ON_EXEC_MAC));
            if (descriptor < 0) {
                throw new IOException("open " + file + ": errno " + (int) errno.get(state, 0L));
            }
            return descriptor;
        } catch (IOException | RuntimeException | Error known) {
            throw known;
        } catch (Throwable never) {
            throw new IllegalStateException(never);
        }
    }

    private boolean lock(Path file, int descriptor) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(callState);
            if ((int) flock.invokeExact(state, descriptor, LOCK_EXCLUSIVE_NOW) == 0) {
                return true;
            }
            int error = (int) errno.get(state, 0L);
            if (error == (linux ? WOULD_BLOCK_LINUX : WOULD_BLOCK_MAC) || error == INTERRUPTED) {
                return false; // held by another, or not known: it is asked again
            }
            throw new IOException("flock " + file + ": errno " + error);
        } catch (IOException | RuntimeException | Error known) {
            throw known;
        } catch (Throwable never) {
            throw new IllegalStateException(never);
        }
    }

    /** Whether the file of this name is still the one that was opened. */
    interface Identity {
        boolean same(Path file, int descriptor) throws IOException;
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
