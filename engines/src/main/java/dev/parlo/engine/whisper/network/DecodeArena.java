package dev.parlo.engine.whisper.network;

import java.util.Map;

/**
 * The memory in which windows are decoded, with the encoder and the step that work on it. Encoder
 * and step share nothing but the audio of a slot: one thread may encode a window while another
 * decodes the others. Closing frees the memory; closing twice is harmless.
 */
public interface DecodeArena extends AutoCloseable {
    /** Used by one thread at a time. */
    WindowEncoder encoder();

    /** Used by one thread at a time. */
    DecoderStep step();

    /**
     * Bytes of the slots that were used since {@link #trim}, and of the rows that searches asked
     * for in them. May be asked by any thread.
     */
    long bytes();

    /**
     * How many nodes of the graphs each provider of ONNX Runtime computes, by its name; empty where
     * that is not known.
     */
    default Map<String, Integer> nodes() {
        return Map.of();
    }

    /**
     * Gives back the memory of all slots but the first, which the next request finds as it is. Only
     * while no slot is in use.
     */
    void trim();

    /**
     * Asks the run of the encoder that is under way to fail at its next operator, from any thread;
     * nothing where the device cannot be asked. The next run is not affected.
     */
    default void stopEncoder() {}

    /** The same of the step that is under way. */
    default void stopStep() {}

    @Override
    void close();
}
