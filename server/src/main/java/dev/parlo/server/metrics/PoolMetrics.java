package dev.parlo.server.metrics;

import dev.parlo.engine.pool.PoolException;
import dev.parlo.engine.pool.PoolObserver;
import dev.parlo.registry.ModelId;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;

/** Counts loads and unloads. Thread-safe. */
record PoolMetrics(Registry registry) implements PoolObserver<ModelId> {
    /**
     * Counts from 0 on: Prometheus sees no increase in a series that begins with its first event.
     */
    void begin(MeterRegistry target) {
        for (PoolException.Reason reason : PoolException.Reason.values()) {
            failures(target, reason);
        }
    }

    @Override
    public void loaded(ModelId id, Duration took, long bytes, long processBytes) {
        unloads(id, Unloaded.EVICTED); // from 0 on, as in begin
        overdue(id.toString());
        Timer.builder("parlo.model.load.duration")
                .description("Loads of models")
                .tag("model", id.toString())
                .serviceLevelObjectives(Buckets.work())
                .register(registry.get())
                .record(took);
    }

    @Override
    public void loadFailed(ModelId id, PoolException failure) {
        failures(registry.get(), failure.reason()).increment();
    }

    private static Counter failures(MeterRegistry target, PoolException.Reason reason) {
        return Counter.builder("parlo.model.load.failures")
                .description("Loads of models that failed")
                .tag("reason", Names.label(reason))
                .register(target);
    }

    @Override
    public void unloaded(ModelId id, Unloaded why, long bytes) {
        unloads(id, why).increment();
    }

    /**
     * Steps of native code that take too long.
     *
     * @param model or library
     */
    Counter overdue(String model) {
        return Counter.builder("parlo.model.steps.overdue")
                .description("Steps of native code that took longer than STUCK_STEP_SECONDS")
                .tag("model", model)
                .register(registry.get());
    }

    private Counter unloads(ModelId id, Unloaded why) {
        return Counter.builder("parlo.model.unloads")
                .description("Models that were unloaded; evicted: their room was needed")
                .tag("model", id.toString())
                .tag("reason", Names.label(why))
                .register(registry.get());
    }
}
