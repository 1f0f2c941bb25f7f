package dev.parlo.server.metrics;

import dev.parlo.engine.pool.PoolException;
import dev.parlo.engine.pool.PoolObserver;
import dev.parlo.registry.ModelId;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;

/** Counts loads and unloads. Thread-safe. */
record PoolMetrics(Registry registry) implements PoolObserver<ModelId> {
    @Override
    public void loaded(ModelId id, Duration took, long bytes, long processBytes) {
        Timer.builder("parlo.model.load.duration")
                .description("Loads of models")
                .tag("model", id.toString())
                .serviceLevelObjectives(Buckets.work())
                .register(registry.get())
                .record(took);
    }

    @Override
    public void loadFailed(ModelId id, PoolException failure) {
        Counter.builder("parlo.model.load.failures")
                .description("Loads of models that failed")
                .tag("reason", Names.label(failure.reason()))
                .register(registry.get())
                .increment();
    }

    @Override
    public void unloaded(ModelId id, Unloaded why, long bytes) {
        Counter.builder("parlo.model.unloads")
                .description("Models that were unloaded; evicted: their room was needed")
                .tag("model", id.toString())
                .tag("reason", Names.label(why))
                .register(registry.get())
                .increment();
    }
}
