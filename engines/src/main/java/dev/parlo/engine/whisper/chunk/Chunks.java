package dev.parlo.engine.whisper.chunk;

import org.jspecify.annotations.Nullable;

/**
 * The chunks of a recording, read from it one after another: nothing holds more of it than the
 * chunk that is asked for and the one after it. Not thread-safe.
 */
public interface Chunks extends AutoCloseable {
    /**
     * Reads on.
     *
     * @return the next chunk, null after the last one
     * @throws dev.parlo.engine.EngineException as the recording's reader, or CANCELLED
     */
    @Nullable Chunk next();

    /** Samples of the whole recording, once {@link #next} has answered null. */
    long samples();

    @Override
    void close();
}
