package dev.parlo.server.models;

import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineObserver;
import dev.parlo.engine.admission.Priority;
import dev.parlo.registry.ModelId;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the engine of one model does, in the log; mostly at debug level. Thread-safe. */
record EngineLog(ModelId model) implements EngineObserver {
    private static final Logger LOG = LoggerFactory.getLogger(EngineLog.class);

    @Override
    public void queued(Priority priority, int waiting) {
        LOG.debug("{}: {} requests wait for a turn", model, waiting);
    }

    @Override
    public void finished(
            EngineException.@Nullable Category failure, double audioSeconds, Duration took) {
        LOG.debug(
                "{}: {} s of audio in {} ms{}",
                model,
                audioSeconds,
                took.toMillis(),
                failure == null ? "" : ", ended by " + failure);
    }

    @Override
    public void refused(Priority priority, int places) {
        LOG.info("{}: a request is refused, all {} places of its queue are taken", model, places);
    }
}
