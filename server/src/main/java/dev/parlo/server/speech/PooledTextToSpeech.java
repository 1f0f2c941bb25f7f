package dev.parlo.server.speech;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.TextToSpeech;
import dev.parlo.engine.pool.KeepAlive;
import dev.parlo.registry.ModelId;
import dev.parlo.registry.ModelTask;
import dev.parlo.registry.RegistryException;
import dev.parlo.server.models.ModelLeases;
import dev.parlo.server.models.ModelLeases.Leased;
import dev.parlo.server.trace.Traces;
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
    public Traces traces() {
        return engines.traces();
    }

    @Override
    public Lease lease(String name, @Nullable KeepAlive keepAlive) {
        try {
            return lease(name, keepAlive, null);
        } catch (RegistryException missing) {
            ModelId wanted = fallback.instead(name, missing);
            return lease(
                    BuiltInEspeak.ID,
                    keepAlive,
                    BuiltInEspeak.ID
                            + "; instead-of=\""
                            + wanted
                            + "\"; install=\"POST /v1/models/"
                            + wanted
                            + "\"");
        }
    }

    /** Each text takes its own turn: a conversation that says nothing holds no place in a queue. */
    private Lease lease(String name, @Nullable KeepAlive keepAlive, @Nullable String told) {
        Leased<TextToSpeech> lease =
                engines.borrow(
                        name,
                        ModelTask.TEXT_TO_SPEECH,
                        TextToSpeech.class,
                        keepAlive,
                        new Cancellation());
        return new Lease(lease.modelId(), lease.engine(), told, lease::close);
    }
}
