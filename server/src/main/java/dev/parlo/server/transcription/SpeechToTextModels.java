package dev.parlo.server.transcription;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.SpeechToText;
import dev.parlo.engine.admission.Priority;
import dev.parlo.engine.admission.Ticket;
import dev.parlo.engine.pool.KeepAlive;
import org.jspecify.annotations.Nullable;

/** Lends the engines of transcription models. Thread-safe. */
public interface SpeechToTextModels {
    /**
     * Takes a place in the queue of a model; does not wait. Asked before an upload is read, so that
     * a request which cannot be answered costs nothing.
     *
     * @param name a model id or an alias, as the client wrote it; null where it is not known yet
     * @throws dev.parlo.engine.EngineException of category OVERLOADED when the queue is full
     */
    Ticket admit(@Nullable String name, Priority priority, Cancellation cancellation);

    /**
     * Borrows the engine of a model, loading it where it is not loaded.
     *
     * @param name a model id or an alias, as the client wrote it
     * @param keepAlive how long the engine stays loaded afterwards; null for what is set
     * @param ticket the request's place; its cancellation ends the waiting
     * @throws dev.parlo.registry.RegistryException for a model that is not here or of another kind
     * @throws dev.parlo.engine.pool.PoolException for one that cannot be loaded now
     */
    Lease lease(String name, @Nullable KeepAlive keepAlive, Ticket ticket);

    /** One borrowed use of an engine. Closing twice is harmless. */
    interface Lease extends AutoCloseable {
        /** The model's id, aliases resolved. */
        String modelId();

        /** The request's place in the queue of this engine, given back with the lease. */
        Ticket ticket();

        SpeechToText engine();

        @Override
        void close();
    }
}
