package dev.parlo.engine.audio;

import java.util.Optional;

/**
 * Audio that can be read from its start as often as needed, always as mono 16 kHz. Nothing holds
 * the whole of it: a reader yields it block by block. Thread-safe; its readers are not.
 */
public interface AudioSource {
    /** Samples per second of every reader. */
    int SAMPLE_RATE = 16_000;

    /**
     * Opens a new reader at the start.
     *
     * @return one pass over the samples; the caller closes it
     * @throws dev.parlo.engine.EngineException of category UNSUPPORTED_AUDIO, BAD_AUDIO or
     *     TOO_LARGE; INTERNAL where a file is not there any more
     */
    Reader open();

    /**
     * {@return the times of the file by times of the samples, as far as any reader has come by now}
     * Known for every sample that was read.
     */
    default TimeMap times() {
        return TimeMap.NONE;
    }

    /**
     * {@return why the file holds more audio than its readers yield, as a sentence: a damaged
     * container, an end that cannot be decoded} Known once a reader came to the end; empty where
     * all was read.
     */
    default Optional<String> truncation() {
        return Optional.empty();
    }

    /** One pass over the samples. Closing twice is harmless. */
    interface Reader extends AutoCloseable {
        /**
         * Fills an array from its start with values in [-1, 1), each a 16-bit sample divided by
         * 32768.
         *
         * @param samples has room for at least one
         * @return how many were written, at least 1, or -1 at the end
         * @throws dev.parlo.engine.EngineException of category BAD_AUDIO, TOO_LARGE or CANCELLED
         */
        int read(float[] samples);

        @Override
        void close();
    }
}
