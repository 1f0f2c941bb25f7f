package dev.parlo.engine.cache;

import dev.parlo.engine.EngineException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.LockSupport;

/**
 * Keeps other processes, and other threads of this one, from making the same entry of a cache. It
 * is a file beside the entries, which stays: whoever deleted it would let two have it at once. A
 * process that ends, however it ends, gives it back.
 */
public final class EntryLock implements AutoCloseable {
    private static final long POLL_NANOS = 50_000_000;

    private final FileChannel channel;
    private final FileLock held;

    private EntryLock(FileChannel channel, FileLock held) {
        this.channel = channel;
        this.held = held;
    }

    /**
     * Waits for other processes in the system's queue and for other threads of this one by asking
     * again.
     *
     * @param file made with its folders where it is missing
     * @throws EngineException of category CANCELLED when the calling thread is interrupted
     */
    public static EntryLock take(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            return new EntryLock(channel, lock(channel));
        } catch (Throwable failure) { // errors, too: the file stays open otherwise
            channel.close();
            throw failure;
        }
    }

    private static FileLock lock(FileChannel channel) throws IOException {
        while (true) {
            try {
                return channel.lock();
            } catch (OverlappingFileLockException another) {
                LockSupport.parkNanos(POLL_NANOS);
                if (Thread.currentThread().isInterrupted()) {
                    throw new EngineException(
                            EngineException.Category.CANCELLED,
                            "Interrupted while another thread prepares the same files.",
                            another);
                }
            }
        }
    }

    @Override
    public void close() throws IOException {
        try (channel) {
            held.release();
        }
    }
}
