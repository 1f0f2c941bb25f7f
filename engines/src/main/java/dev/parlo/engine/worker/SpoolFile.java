package dev.parlo.engine.worker;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Records in a file, read in the order of writing. The file has no name once it is open, so that
 * nothing is left behind however the process ends. Not thread-safe.
 */
final class SpoolFile implements AutoCloseable {
    private final FileChannel channel;
    private long writeAt;
    private long readAt;

    SpoolFile(Path directory) throws IOException {
        Path file = Files.createTempFile(directory, "segments-", ".spool");
        try {
            channel =
                    FileChannel.open(
                            file,
                            StandardOpenOption.READ,
                            StandardOpenOption.WRITE,
                            StandardOpenOption.DELETE_ON_CLOSE);
        } catch (Throwable failure) { // such as too many open files
            Files.deleteIfExists(file);
            throw failure;
        }
    }

    /** Bytes written and not read yet. */
    long unread() {
        return writeAt - readAt;
    }

    void write(byte[] entry) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(Integer.BYTES + entry.length);
        buffer.putInt(entry.length).put(entry).flip();
        while (buffer.hasRemaining()) {
            writeAt += channel.write(buffer, writeAt);
        }
    }

    byte[] read() throws IOException {
        int length = ByteBuffer.wrap(read(Integer.BYTES)).getInt();
        byte[] entry = read(length);
        if (readAt == writeAt) { // all read: begin again, so that a long request needs no more room
            channel.truncate(0);
            readAt = 0;
            writeAt = 0;
        }
        return entry;
    }

    private byte[] read(int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length);
        while (buffer.hasRemaining()) {
            int read = channel.read(buffer, readAt);
            if (read < 0) {
                throw new EOFException("The file of finished segments is shorter than written.");
            }
            readAt += read;
        }
        return buffer.array();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
