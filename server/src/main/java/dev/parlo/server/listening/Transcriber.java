package dev.parlo.server.listening;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.TranscribeOptions;

/** Hears what is said in some audio. Thread-safe. */
@FunctionalInterface
interface Transcriber {
    /**
     * Blocks until all was heard.
     *
     * @param model id or alias
     * @param samples mono at 16 kHz
     * @throws dev.parlo.engine.EngineException CANCELLED, OVERLOADED and others
     */
    Heard hear(String model, float[] samples, TranscribeOptions options, Cancellation cancellation);
}
