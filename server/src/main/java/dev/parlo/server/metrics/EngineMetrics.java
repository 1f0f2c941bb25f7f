package dev.parlo.server.metrics;

import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineObserver;
import dev.parlo.engine.admission.Priority;
import dev.parlo.registry.ModelId;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Counts what the engine of one installed model does. Thread-safe. */
final class EngineMetrics implements EngineObserver {
    private static final String MODEL = "model";

    private final MeterRegistry registry;
    private final String model;
    private final Timer waits;
    private final Counter refusals;
    private final Counter audio;
    private final DistributionSummary factor;

    /** Only of a model that has a decoder. */
    private volatile @Nullable DecoderMetrics decoder;

    EngineMetrics(MeterRegistry registry, ModelId id) {
        this.registry = registry;
        model = id.toString();
        waits =
                Timer.builder("parlo.model.queue.wait")
                        .description("Waits for a turn at a model; speech takes one a chunk")
                        .tag(MODEL, model)
                        .serviceLevelObjectives(Buckets.waits())
                        .register(registry);
        refusals =
                Counter.builder("parlo.model.queue.refusals")
                        .description("Requests that got no place in the queue of a model")
                        .tag(MODEL, model)
                        .register(registry);
        audio =
                Counter.builder("parlo.model.audio")
                        .description("Audio that was transcribed or spoken")
                        .baseUnit("seconds")
                        .tag(MODEL, model)
                        .register(registry);
        factor =
                DistributionSummary.builder("parlo.model.real.time.factor")
                        .description("Time of a request at the model by the time of its audio")
                        .tag(MODEL, model)
                        .serviceLevelObjectives(Buckets.factors())
                        .register(registry);
    }

    @Override
    public void started(Priority priority, Duration waited) {
        waits.record(waited);
    }

    @Override
    public void step(int count, Duration took) {
        DecoderMetrics known = decoder;
        if (known == null) {
            known = DecoderMetrics.of(registry, model); // the registry has one of each name
            decoder = known;
        }
        known.step(count, took);
    }

    @Override
    public void finished(
            EngineException.@Nullable Category failure, double audioSeconds, Duration took) {
        Timer.builder("parlo.model.request.duration")
                .description("Requests at a model, from the first turn on")
                .tag(MODEL, model)
                .tag("outcome", failure == null ? "ok" : Names.label(failure))
                .serviceLevelObjectives(Buckets.work())
                .register(registry)
                .record(took);
        if (audioSeconds > 0) {
            audio.increment(audioSeconds);
            factor.record(took.toNanos() / 1e9 / audioSeconds);
        }
    }

    @Override
    public void refused(Priority priority, int places) {
        refusals.increment();
    }
}
