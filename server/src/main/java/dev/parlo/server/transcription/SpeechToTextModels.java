package dev.parlo.server.transcription;

import dev.parlo.engine.SpeechToText;
import dev.parlo.engine.pool.KeepAlive;
import org.jspecify.annotations.Nullable;

/** Lends the engines of transcription models. Thread-safe. */
public interface SpeechToTextModels {
    /**
     * Borrows the engine of a model, loading it where it is not loaded.
     *
     * @param name a model id or an alias, as the client wrote it
     * @param keepAlive how long the engine stays loaded afterwards; null for what is set
     * @throws dev.parlo.registry.RegistryException for a model that is not here or of another kind
     * @throws dev.parlo.engine.pool.PoolException for one that cannot be loaded now
     */
    Lease lease(String name, @Nullable KeepAlive keepAlive);

    /** One borrowed use of an engine. Closing twice is harmless. */
    interface Lease extends AutoCloseable {
        /** The model's id, aliases resolved. */
        String modelId();

        SpeechToText engine();

        @Override
        void close();
    }
}
