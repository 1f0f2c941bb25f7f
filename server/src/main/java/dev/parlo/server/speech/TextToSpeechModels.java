package dev.parlo.server.speech;

import dev.parlo.engine.TextToSpeech;
import dev.parlo.engine.pool.KeepAlive;
import dev.parlo.server.trace.Traces;
import org.jspecify.annotations.Nullable;

/** Lends the engines of speech models. Thread-safe. */
@FunctionalInterface
interface TextToSpeechModels {
    /**
     * Borrows the engine of a model, loading it where it is not loaded.
     *
     * @param name a model id or an alias, as the client wrote it
     * @param keepAlive how long it stays afterwards; null for what is set
     */
    Lease lease(String name, @Nullable KeepAlive keepAlive);

    /** Follows the requests that engines are lent to. */
    default Traces traces() {
        return Traces.NONE;
    }

    /**
     * One borrowed use of an engine; closing gives it back, twice is harmless.
     *
     * @param modelId aliases resolved
     * @param fallback what to tell the client when another engine answers than the one asked for;
     *     null where none does
     * @param release gives it back
     */
    record Lease(String modelId, TextToSpeech engine, @Nullable String fallback, Runnable release)
            implements AutoCloseable {
        @Override
        public void close() {
            release.run();
        }
    }
}
