package dev.parlo.registry.cache;

import dev.parlo.registry.DiskReason;
import dev.parlo.registry.RegistryException;
import dev.parlo.registry.RegistryException.Category;
import dev.parlo.registry.hub.CancelSignal;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Locks between processes that fill one cache, on the files {@code huggingface_hub} locks: with
 * flock(2) where that can be called, which is the lock huggingface_hub takes on Unix; else with the
 * JDK's own file lock, which other Parlo processes honour but huggingface_hub on Unix does not (on
 * Windows both lock the same byte range). Safe for use by many threads.
 */
final class FileLocking {
    private static final Logger LOG = LoggerFactory.getLogger(FileLocking.class);
    private static final Duration POLL = Duration.ofMillis(100);

    /** Null until it is looked for, and where there is none. */
    private @Nullable Flock flock;

    private boolean lookedFor;
    private final Set<Path> heldByJdk = ConcurrentHashMap.newKeySet();

    /** By the best lock of this system, which is looked for when the first one is taken. */
    FileLocking() {}

    FileLocking(Optional<Flock> flock) {
        this.flock = flock.orElse(null);
        this.lookedFor = true;
    }

    /** Binding the function takes time, and many a process takes no lock. */
    private synchronized Optional<Flock> flock() {
        if (!lookedFor) {
            lookedFor = true;
            flock = Flock.available().orElse(null);
            LOG.debug("cache locks by {}", flock == null ? "FileChannel" : "flock");
        }
        return Optional.ofNullable(flock);
    }

    /** {@code flock} or {@code FileChannel}. */
    String kind() {
        return flock().isPresent() ? "flock" : "FileChannel";
    }

    /** Waits for the lock; the signal ends the wait. */
    Held acquire(Path file, CancelSignal signal) {
        try {
            for (boolean told = false; ; told = true) {
                signal.check();
                Optional<Held> held = tryAcquire(file);
                if (held.isPresent()) {
                    return held.get();
                }
                if (!told) {
                    LOG.info("waiting for another process that downloads {}", file.getFileName());
                }
                signal.pause(POLL);
            }
        } catch (IOException failed) {
            LOG.warn("locking {}: {}", file, failed.toString());
            throw new RegistryException(
                    Category.IO,
                    "A lock of the cache (HF_HUB_CACHE) cannot be taken: "
                            + DiskReason.of(failed)
                            + ".",
                    failed);
        }
    }

    /** The lock, if no process holds it now. */
    Optional<Held> tryAcquire(Path file) throws IOException {
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        Optional<Flock> function = flock();
        if (function.isPresent()) {
            return function.get().tryLock(file);
        }
        if (!heldByJdk.add(file)) {
            return Optional.empty(); // the JDK's lock is per process, not per channel
        }
        Optional<Held> held = Optional.empty();
        try {
            held = lockByJdk(file);
        } finally {
            if (held.isEmpty()) {
                heldByJdk.remove(file);
            }
        }
        return held;
    }

    private Optional<Held> lockByJdk(Path file) throws IOException {
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        boolean locked = false;
        try {
            locked = channel.tryLock(0, 1, false) != null;
        } catch (OverlappingFileLockException held) {
            LOG.debug("another part of this process holds {}", file);
        } finally {
            if (!locked) {
                closeQuietly(channel);
            }
        }
        return locked
                ? Optional.of(() -> {
                    closeQuietly(channel);
                    heldByJdk.remove(file);
                })
                : Optional.empty();
    }

    private static void closeQuietly(FileChannel channel) {
        try {
            channel.close();
        } catch (IOException failed) {
            LOG.warn("closing a cache lock: {}", failed.toString());
        }
    }

    /** A lock that is held until closed. */
    interface Held extends AutoCloseable {
        @Override
        void close();
    }
}
