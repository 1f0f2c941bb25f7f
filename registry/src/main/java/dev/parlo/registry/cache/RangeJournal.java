package dev.parlo.registry.cache;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Remembers on disk how much of each range of a file has been written, so that a killed download
 * goes on where it was. Bytes are written before they are noted, so what is noted is there; a power
 * cut may break that order, and then the hash at the end tells.
 *
 * <p>Format, big-endian: {@code PRLO}, version 1 (int), file size, range length (longs), then a
 * long per range: its bytes done. Used by several threads, one per range.
 */
final class RangeJournal implements AutoCloseable {
    private static final int MAGIC = 0x50524C4F;
    private static final int VERSION = 1;
    private static final int HEADER = 24;
    private static final long NOTE_EVERY = 1 << 20;

    private final FileChannel channel;
    private final long size;
    private final long rangeBytes;
    private final AtomicLongArray done;
    private final AtomicLongArray noted;

    private RangeJournal(FileChannel channel, long size, long rangeBytes, long[] done) {
        this.channel = channel;
        this.size = size;
        this.rangeBytes = rangeBytes;
        this.done = new AtomicLongArray(done);
        this.noted = new AtomicLongArray(done);
    }

    /**
     * Opens or begins the journal of a file.
     *
     * @param have the length of the data on disk: nothing beyond it counts as done
     * @param prefix bytes from the start that are there when no journal exists yet
     */
    static RangeJournal open(Path file, long size, long rangeBytes, long have, long prefix)
            throws IOException {
        FileChannel channel =
                FileChannel.open(
                        file,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE,
                        LinkOption.NOFOLLOW_LINKS);
        try {
            Optional<RangeJournal> journal = read(channel, size, have);
            return journal.isPresent() ? journal.get() : begin(channel, size, rangeBytes, prefix);
        } catch (Throwable failed) { // errors, too: the file stays open otherwise
            channel.close();
            throw failed;
        }
    }

    /**
     * A journal as an earlier attempt left it; empty when there is none or it does not fit the
     * file. Nothing is written; the journal is closed.
     */
    static Optional<RangeJournal> peek(Path file, long size, long have) throws IOException {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return read(channel, size, have);
        }
    }

    int ranges() {
        return done.length();
    }

    long start(int range) {
        return range * rangeBytes;
    }

    /** Exclusive. */
    long end(int range) {
        return Math.min(size, start(range) + rangeBytes);
    }

    /** The first byte of a range that is missing. */
    long position(int range) {
        return start(range) + done.get(range);
    }

    boolean isDone(int range) {
        return position(range) == end(range);
    }

    long bytesDone() {
        long sum = 0;
        for (int range = 0; range < ranges(); range++) {
            sum += done.get(range);
        }
        return sum;
    }

    /** Bytes from the start without a gap. */
    long prefix() {
        long prefix = 0;
        for (int range = 0; range < ranges(); range++) {
            prefix = position(range);
            if (!isDone(range)) {
                break;
            }
        }
        return prefix;
    }

    /** Counts bytes already written at the range's position. */
    void advance(int range, long count) throws IOException {
        long now = done.addAndGet(range, count);
        if (now - noted.get(range) >= NOTE_EVERY || isDone(range)) {
            note(range);
        }
    }

    /** Puts a range's count on disk. */
    void note(int range) throws IOException {
        long now = done.get(range);
        ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES).putLong(0, now);
        channel.write(bytes, HEADER + (long) Long.BYTES * range);
        noted.set(range, now);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private static Optional<RangeJournal> read(FileChannel channel, long size, long have)
            throws IOException {
        if (channel.size() < HEADER || channel.size() > (1L << 26)) {
            return Optional.empty();
        }
        ByteBuffer bytes = ByteBuffer.allocate((int) channel.size());
        while (bytes.hasRemaining() && channel.read(bytes, bytes.position()) > 0) {
            continue;
        }
        bytes.flip();
        if (bytes.remaining() < HEADER
                || bytes.getInt() != MAGIC
                || bytes.getInt() != VERSION
                || bytes.getLong() != size) {
            return Optional.empty();
        }
        long rangeBytes = bytes.getLong();
        if (rangeBytes <= 0
                || rangeBytes > Long.MAX_VALUE - size
                || bytes.remaining() % Long.BYTES != 0
                || bytes.remaining() / Long.BYTES != (size + rangeBytes - 1) / rangeBytes) {
            return Optional.empty();
        }
        long[] done = new long[count(size, rangeBytes)];
        for (int range = 0; range < done.length; range++) {
            long start = range * rangeBytes;
            long length = Math.min(size, start + rangeBytes) - start;
            done[range] = bytes.getLong();
            if (done[range] < 0
                    || done[range] > length
                    || start + done[range] > Math.max(start, have)) {
                return Optional.empty();
            }
        }
        return Optional.of(new RangeJournal(channel, size, rangeBytes, done));
    }

    private static RangeJournal begin(FileChannel channel, long size, long rangeBytes, long prefix)
            throws IOException {
        long[] done = new long[count(size, rangeBytes)];
        ByteBuffer bytes = ByteBuffer.allocate(HEADER + Long.BYTES * done.length);
        bytes.putInt(MAGIC).putInt(VERSION).putLong(size).putLong(rangeBytes);
        for (int range = 0; range < done.length; range++) {
            long start = range * rangeBytes;
            long length = Math.min(size, start + rangeBytes) - start;
            done[range] = Math.clamp(prefix - start, 0, length);
            bytes.putLong(done[range]);
        }
        channel.truncate(0);
        channel.write(bytes.flip(), 0);
        return new RangeJournal(channel, size, rangeBytes, done);
    }

    private static int count(long size, long rangeBytes) {
        return Math.toIntExact((size + rangeBytes - 1) / rangeBytes);
    }
}
