package dev.parlo.engine.vad;

import dev.parlo.engine.EngineFacts;

/**
 * Tells for each window of 512 samples at 16 kHz (32 ms) how likely somebody speaks in it.
 * Thread-safe; its passes are not. Closed after its passes.
 */
public interface VoiceActivityDetector extends AutoCloseable {
    /** Samples of a window. */
    int WINDOW = 512;

    /** {@return a pass from the start of some audio, with nothing remembered} */
    Pass open();

    /** {@return where and how it computes} */
    EngineFacts facts();

    @Override
    void close();

    /** One pass over some audio, window by window, with what the detector remembers of it. */
    interface Pass extends AutoCloseable {
        /**
         * Hears the next windows. Giving them one by one or many at once yields the same.
         *
         * @param samples {@code windows} × 512 values in [-1, 1)
         * @param windows how many, at least 1
         * @return one probability for each window, 0 to 1
         * @throws dev.parlo.engine.EngineException of category BAD_MODEL when the model yields what
         *     cannot be a probability
         */
        float[] probabilities(float[] samples, int windows);

        @Override
        void close();
    }
}
