package dev.parlo.server.speech;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.TextToSpeech;
import dev.parlo.engine.admission.Priority;
import dev.parlo.engine.pool.KeepAlive;
import dev.parlo.registry.ModelId;
import dev.parlo.registry.ModelTask;
import dev.parlo.registry.RegistryException;
import dev.parlo.server.models.ModelLeases;
import dev.parlo.server.models.ModelLeases.Leased;
import dev.parlo.server.models.ModelLeases.Place;
import org.jspecify.annotations.Nullable;

/**
 * Lends speech engines from the pool. Where the model of a shipped alias is not installed,
 * espeak-ng answers, and the client and the log are told so. Thread-safe.
 */
final class PooledTextToSpeech implements TextToSpeechModels {
    private final ModelLeases engines;
    private final EspeakFallback fallback;

    PooledTextToSpeech(ModelLeases engines, EspeakFallback fallback) {
        this.engines = engines;
        this.fallback = fallback;
    }

    @Override
    public Lease lease(String name, @Nullable KeepAlive keepAlive) {
        try {
            return new PooledLease(loaded(name, keepAlive), null);
        } catch (RegistryException missing) {
            ModelId wanted = fallback.instead(name, missing);
            return new PooledLease(
                    loaded(BuiltInEspeak.ID, keepAlive),
                    BuiltInEspeak.ID
                            + "; instead-of=\""
                            + wanted
                            + "\"; install=\"POST /v1/models/"
                            + wanted
                            + "\"");
        }
    }

    /**
     * The request has a place in the model's queue while it waits for the load. What it speaks
     * afterwards takes a place for each text: a conversation that says nothing takes none.
     */
    private Leased<TextToSpeech> loaded(String name, @Nullable KeepAlive keepAlive) {
        Cancellation cancellation = new Cancellation();
        try (Place waiting =
                engines.admit(name, ModelTask.TEXT_TO_SPEECH, Priority.INTERACTIVE, cancellation)) {
            Leased<TextToSpeech> lease =
                    engines.lease(waiting, ModelTask.TEXT_TO_SPEECH, TextToSpeech.class, keepAlive);
            lease.ticket().close();
            return lease;
        }
    }

    private record PooledLease(Leased<TextToSpeech> lease, @Nullable String fallback)
            implements Lease {
        @Override
        public String modelId() {
            return lease.modelId();
        }

        @Override
        public TextToSpeech engine() {
            return lease.engine();
        }

        @Override
        public void close() {
            lease.close();
        }
    }
}
