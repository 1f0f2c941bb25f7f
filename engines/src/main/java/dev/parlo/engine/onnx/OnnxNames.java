package dev.parlo.engine.onnx;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** What all names of a file take together, so that no file fills the memory with them. */
final class OnnxNames {
    /** A large speech model has some thirty thousand names of tensors. */
    private static final int MAX_NAMES = 2_000_000;

    private static final int MAX_NAME_BYTES = 1 << 16;
    private static final long MAX_NAMES_BYTES = 64L << 20;

    private int count;
    private long bytes;

    /**
     * @throws IllegalArgumentException where they become too many
     */
    void add(int length) {
        bytes += length;
        if (++count > MAX_NAMES || length > MAX_NAME_BYTES || bytes > MAX_NAMES_BYTES) {
            throw new IllegalArgumentException("it has too many or too long names");
        }
    }

    String read(ByteBuffer text) {
        add(text.remaining());
        return StandardCharsets.UTF_8.decode(text.duplicate()).toString();
    }
}
