package dev.parlo.server.transcription;

import dev.parlo.engine.SpeechToText;

/** Lends the engines of transcription models. Thread-safe. */
public interface SpeechToTextModels {
    /**
     * Borrows the engine of a model, loading it where it is not loaded.
     *
     * @param name a model id or an alias, as the client wrote it
     * @throws dev.parlo.server.http.ApiError 404 for a model that is not here or of another kind
     */
    Lease lease(String name);

    /** One borrowed use of an engine. Closing twice is harmless. */
    interface Lease extends AutoCloseable {
        /** The model's id, aliases resolved. */
        String modelId();

        SpeechToText engine();

        @Override
        void close();
    }
}
