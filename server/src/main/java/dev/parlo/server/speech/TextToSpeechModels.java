package dev.parlo.server.speech;

import dev.parlo.engine.TextToSpeech;
import dev.parlo.engine.pool.KeepAlive;
import org.jspecify.annotations.Nullable;

/** Lends the engines of speech models. Thread-safe. */
public interface TextToSpeechModels {
    /**
     * Borrows the engine of a model, loading it where it is not loaded.
     *
     * @param name a model id or an alias, as the client wrote it
     * @param keepAlive how long it stays afterwards; null for what is set
     */
    Lease lease(String name, @Nullable KeepAlive keepAlive);

    /** One borrowed use of an engine. Closing twice is harmless. */
    interface Lease extends AutoCloseable {
        /** The model's id, aliases resolved. */
        String modelId();

        TextToSpeech engine();

        /** What to tell the client when another engine answers than the one asked for, or null. */
        @Nullable String fallback();

        @Override
        void close();
    }
}
