package dev.parlo.engine.whisper.decode;

/**
 * The memory in which a number of windows are decoded (cross-attention slots and self-attention
 * caches) with the encoder and the step that work on it. One driver borrows it at a time. Closing
 * frees the native memory.
 */
public interface DecodeArena extends AutoCloseable {
    WindowEncoder encoder();

    DecoderStep step();

    @Override
    void close();
}
