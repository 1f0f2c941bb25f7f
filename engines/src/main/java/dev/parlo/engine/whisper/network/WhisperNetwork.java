package dev.parlo.engine.whisper.network;

import dev.parlo.engine.ComputeType;
import dev.parlo.engine.Placement;
import dev.parlo.engine.whisper.checkpoint.WhisperConfig;
import dev.parlo.engine.whisper.checkpoint.WhisperShape;

/**
 * A loaded Whisper network on some device, whose weights exist once. Thread-safe. Close it after
 * its arenas.
 */
public interface WhisperNetwork extends AutoCloseable {
    WhisperShape shape();

    WhisperConfig config();

    /** Where it computes, and where its weights and arenas lie. */
    Placement placement();

    /** Number format of its weights. */
    ComputeType computeType();

    /** What computes it, with its version, such as {@code ONNX Runtime 1.29.0}. */
    String runtime();

    /** Bytes of the weights. */
    long weightBytes();

    /** Whether windows of fewer than 3000 mel frames can be encoded. */
    default boolean shortWindows() {
        return false;
    }

    /**
     * Memory to decode in.
     *
     * @param slots windows that can be decoded side by side, at least 1
     * @throws dev.parlo.engine.EngineException of category NO_SPACE when there is not enough memory
     */
    DecodeArena openArena(int slots);

    /**
     * Memory that is left for windows, as a whole.
     *
     * @param processBytes that the engine may take of the process's memory, weights included
     */
    long memoryForWindows(long processBytes);

    /**
     * Bytes that a window comes to where greedy searches and beams of usual width take turns in its
     * slot.
     */
    long slotBytes();

    @Override
    void close();
}
