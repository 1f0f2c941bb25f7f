package dev.parlo.server.models;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.SpeechToText;
import dev.parlo.engine.admission.Priority;
import dev.parlo.engine.admission.Ticket;
import dev.parlo.engine.pool.KeepAlive;
import dev.parlo.registry.ModelFamily;
import dev.parlo.registry.ModelTask;
import dev.parlo.server.models.ModelEngines.ModelLease;
import dev.parlo.server.transcription.SpeechToTextModels;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lends transcription engines from the pool. Thread-safe. */
public final class PooledSpeechToText implements SpeechToTextModels {
    private static final List<ModelFamily> FAMILIES =
            ModelFamily.of(ModelTask.AUTOMATIC_SPEECH_RECOGNITION);

    private final ModelEngines engines;

    public PooledSpeechToText(ModelEngines engines) {
        this.engines = engines;
    }

    @Override
    public Ticket admit(@Nullable String name, Priority priority, Cancellation cancellation) {
        return engines.admit(name, ModelTask.AUTOMATIC_SPEECH_RECOGNITION, priority, cancellation);
    }

    @Override
    public Lease lease(String name, @Nullable KeepAlive keepAlive, Ticket ticket) {
        ModelLease lease = engines.lease(name, FAMILIES, keepAlive, ticket);
        return new Lease() {
            @Override
            public String modelId() {
                return lease.model().id().toString();
            }

            @Override
            public Ticket ticket() {
                return lease.ticket();
            }

            @Override
            public SpeechToText engine() {
                return lease.engine(SpeechToText.class);
            }

            @Override
            public void close() {
                lease.close();
            }
        };
    }
}
