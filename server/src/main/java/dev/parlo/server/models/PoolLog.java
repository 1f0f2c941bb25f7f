package dev.parlo.server.models;

import dev.parlo.engine.pool.PoolException;
import dev.parlo.engine.pool.PoolObserver;
import dev.parlo.registry.ModelId;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A line in the log for each load and unload. Thread-safe. */
final class PoolLog implements PoolObserver<ModelId> {
    private static final Logger LOG = LoggerFactory.getLogger(PoolLog.class);

    /** Beyond this times the engine's own figure, the budget is not what it seems to be. */
    private static final int SUSPICIOUS = 2;

    private static final long NOISE_BYTES = 64L << 20;

    @Override
    public void loaded(ModelId id, Duration took, long bytes, long processBytes) {
        LOG.info("Loaded '{}' in {} ms, {} bytes", id, took.toMillis(), bytes);
        if (processBytes > SUSPICIOUS * bytes + NOISE_BYTES) {
            LOG.warn(
                    "The process grew by {} bytes while '{}' was loaded, which says that it takes {}."
                            + " The memory budget counts the latter.",
                    processBytes,
                    id,
                    bytes);
        }
    }

    @Override
    public void loadFailed(ModelId id, PoolException failure) {
        LOG.warn("{}", failure.getMessage());
    }

    @Override
    public void unloaded(ModelId id, Unloaded why, long bytes) {
        LOG.info("Unloaded '{}' ({}), {} bytes", id, why, bytes);
    }
}
