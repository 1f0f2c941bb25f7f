package dev.parlo.engine.worker;

import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineException.Category;
import dev.parlo.engine.Segment;
import dev.parlo.engine.Transcript;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finished segments of one request on their way from the worker to the thread that asked: some in
 * memory, more in a file. Adding never waits for the reader, so a client that reads slowly, or not
 * at all, does not keep the worker from the next request. Thread-safe for one writer and one
 * reader.
 */
final class SegmentSpool implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SegmentSpool.class);

    /** A quarter of an hour of speech, tokens and words included. */
    static final long MEMORY_BYTES = 256 << 10;

    /** About a day of speech with a log-probability for every token. */
    static final long FILE_BYTES = 64L << 20;

    /** What the reader is told. */
    sealed interface Event {
        record Found(Segment segment) implements Event {}

        record Progress(double audioSeconds) implements Event {}

        record Done(Transcript transcript) implements Event {}

        record Failed(Throwable cause) implements Event {}
    }

    private final Path directory;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition told = lock.newCondition();
    private final Deque<Segment> memory = new ArrayDeque<>();
    private long memoryBytes;
    private @Nullable SpoolFile file;
    private double progress = -1;
    private @Nullable Event end;
    private boolean closed;

    /**
     * @param directory for the file, which is made only when it is needed
     */
    SegmentSpool(Path directory) {
        this.directory = directory;
    }

    /**
     * Keeps a segment for the reader.
     *
     * @throws EngineException of category NO_SPACE when more is kept than may be, or the disk is
     *     full
     */
    void add(Segment segment) {
        lock.lock();
        try {
            if (closed) {
                return; // the reader has left, and the worker is being told
            }
            long bytes = SegmentCodec.heapBytes(segment);
            boolean fileIsEmpty = file == null || file.unread() == 0;
            // Once something is in the file, everything that follows goes there, too: the order.
            if (fileIsEmpty && memoryBytes + bytes <= MEMORY_BYTES) {
                memory.add(segment);
                memoryBytes += bytes;
            } else {
                toFile(segment);
            }
            told.signal();
        } finally {
            lock.unlock();
        }
    }

    private void toFile(Segment segment) {
        try {
            if (file == null) {
                file = new SpoolFile(directory);
            }
            byte[] encoded = SegmentCodec.encode(segment);
            if (file.unread() + encoded.length > FILE_BYTES) {
                throw new EngineException(
                        Category.NO_SPACE,
                        "The client reads too slowly: "
                                + (FILE_BYTES >> 20)
                                + " MiB of finished segments wait for it.");
            }
            file.write(encoded);
        } catch (IOException failure) {
            throw new EngineException(
                    Category.NO_SPACE,
                    "Finished segments that the client has not read yet cannot be kept on disk.",
                    failure);
        }
    }

    /** Replaces what was told before and not read yet. */
    void progress(double audioSeconds) {
        lock.lock();
        try {
            progress = audioSeconds;
            told.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Told after all segments; the first end counts. */
    void end(Event last) {
        lock.lock();
        try {
            if (end == null) {
                end = last;
            }
            told.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The next thing to tell, in order; waits for it. After the end it is the end again. */
    Event next() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (true) {
                Segment segment = memory.poll();
                if (segment != null) {
                    memoryBytes -= SegmentCodec.heapBytes(segment);
                    return new Event.Found(segment);
                }
                if (file != null && file.unread() > 0) {
                    return new Event.Found(SegmentCodec.decode(file.read()));
                }
                if (progress >= 0) {
                    Event event = new Event.Progress(progress);
                    progress = -1;
                    return event;
                }
                if (end != null) {
                    return end;
                }
                told.await();
            }
        } catch (IOException failure) {
            throw new EngineException(
                    Category.INTERNAL, "Finished segments cannot be read back from disk.", failure);
        } finally {
            lock.unlock();
        }
    }

    /** Waits until the worker has nothing more to say; what it has said is not read. */
    void awaitEnd() {
        lock.lock();
        try {
            while (end == null) {
                told.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            memory.clear();
            if (file != null) {
                file.close();
                file = null;
            }
        } catch (IOException failure) {
            LOG.warn("A file of finished segments cannot be closed", failure);
        } finally {
            lock.unlock();
        }
    }
}
