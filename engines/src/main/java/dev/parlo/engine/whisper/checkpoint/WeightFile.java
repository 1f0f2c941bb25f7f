package dev.parlo.engine.whisper.checkpoint;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.LongConsumer;

/**
 * A file of converted tensors, written from start to end, each aligned to 64 bytes, little-endian.
 * Not thread-safe.
 */
public final class WeightFile implements AutoCloseable {
    private static final int ALIGNMENT = 64;

    private final Path path;
    private final OutputStream out;
    private final LongConsumer progress;
    private ByteBuffer scratch = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
    private long position;

    /**
     * A tensor's place in the file.
     *
     * @param offset bytes from the start
     * @param length bytes
     */
    public record ByteRange(long offset, long length) {}

    /**
     * @param progress told after every piece how many bytes it had
     */
    public WeightFile(Path path, LongConsumer progress) {
        this.path = path;
        this.progress = progress;
        try {
            out = new BufferedOutputStream(Files.newOutputStream(path), 1 << 20);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The file's name without its directory, as graphs refer to it. */
    public String name() {
        return path.getFileName().toString();
    }

    /** Starts a tensor; what is appended until {@link #end} belongs to it. */
    public long begin() {
        int padding = (int) (-position & (ALIGNMENT - 1));
        append(new byte[padding], padding);
        return position;
    }

    /** Ends the tensor that started at {@code offset}. */
    public ByteRange end(long offset) {
        return new ByteRange(offset, position - offset);
    }

    public void append(float[] values) {
        int bytes = values.length * Float.BYTES;
        if (scratch.capacity() < bytes) {
            scratch = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        }
        scratch.clear();
        scratch.asFloatBuffer().put(values);
        append(scratch.array(), bytes);
    }

    /** As 16-bit floats, rounded to the nearest. */
    public void appendHalves(float[] values) {
        byte[] halves = new byte[values.length * Short.BYTES];
        ByteBuffer bytes = ByteBuffer.wrap(halves).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            bytes.putShort(Float.floatToFloat16(value));
        }
        append(halves, halves.length);
    }

    public void append(byte[] values, int length) {
        try {
            out.write(values, 0, length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        position += length;
        progress.accept(length);
    }

    @Override
    public void close() {
        try {
            out.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
