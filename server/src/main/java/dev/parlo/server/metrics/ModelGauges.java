package dev.parlo.server.metrics;

import dev.parlo.engine.EngineFacts;
import dev.parlo.engine.pool.EngineStatus;
import dev.parlo.registry.ModelId;
import dev.parlo.server.models.ModelEngines;
import dev.parlo.server.models.ModelQueue;
import dev.parlo.server.watchdog.Watchdog;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/**
 * What is known of models at one moment: those that are loaded and the queues before them. Read
 * once for each scrape, so that all figures of it are of the same moment. Thread-safe.
 */
final class ModelGauges {
    private final ModelEngines engines;
    private final Watchdog watchdog;
    private final MultiGauge nativeBytes;
    private final MultiGauge deviceBytes;
    private final MultiGauge leases;
    private final MultiGauge waiting;
    private final MultiGauge entered;
    private final MultiGauge places;
    private final MultiGauge stuck;

    ModelGauges(ModelEngines engines, Watchdog watchdog, MeterRegistry registry) {
        this.engines = engines;
        this.watchdog = watchdog;
        nativeBytes =
                MultiGauge.builder("parlo.model.memory")
                        .description("Memory of a loaded model, as the budget counts it")
                        .baseUnit("bytes")
                        .register(registry);
        deviceBytes =
                MultiGauge.builder("parlo.model.device.memory")
                        .description("Memory of GPUs that a loaded model takes")
                        .baseUnit("bytes")
                        .register(registry);
        leases =
                MultiGauge.builder("parlo.model.leases")
                        .description("Users of a model, those that wait for its load included")
                        .register(registry);
        waiting =
                MultiGauge.builder("parlo.model.queue.depth")
                        .description("Turns at a model that are waited for")
                        .register(registry);
        entered =
                MultiGauge.builder("parlo.model.queue.requests")
                        .description("Requests that compute at a model, or wait for it")
                        .register(registry);
        places =
                MultiGauge.builder("parlo.model.queue.places")
                        .description("Requests that the queue of a model takes at a time")
                        .register(registry);
        stuck =
                MultiGauge.builder("parlo.model.stuck.steps")
                        .description("Steps of native code that are not over in time")
                        .register(registry);
    }

    synchronized void read() {
        List<EngineStatus<ModelId>> loaded = engines.list();
        nativeBytes.register(statuses(loaded, EngineStatus::sizeBytes), true);
        deviceBytes.register(
                loaded.stream().flatMap(status -> onDevice(status).stream()).toList(), true);
        leases.register(statuses(loaded, EngineStatus::leases), true);
        List<ModelQueue> queues = engines.queues();
        waiting.register(queues(queues, ModelQueue::waiting), true);
        entered.register(queues(queues, ModelQueue::entered), true);
        places.register(queues(queues, ModelQueue::places), true);
        stuck.register(stuck(queues), true);
    }

    /** Of each model that was asked for, and of what else has such a step. */
    private List<MultiGauge.Row<?>> stuck(List<ModelQueue> queues) {
        Map<String, Integer> counts = new TreeMap<>();
        queues.forEach(queue -> counts.put(queue.model().toString(), 0));
        watchdog.stuck().forEach(step -> counts.merge(step.model(), 1, Integer::sum));
        return counts.entrySet().stream()
                .<MultiGauge.Row<?>>map(entry ->
                        MultiGauge.Row.of(Tags.of("model", entry.getKey()), entry.getValue()))
                .toList();
    }

    private static List<MultiGauge.Row<?>> statuses(
            List<EngineStatus<ModelId>> loaded, ToLongFunction<EngineStatus<ModelId>> value) {
        return loaded.stream()
                .<MultiGauge.Row<?>>map(status -> row(status.key(), value.applyAsLong(status)))
                .toList();
    }

    /** Empty for a model that takes no memory of a GPU. */
    private static Optional<MultiGauge.Row<?>> onDevice(EngineStatus<ModelId> status) {
        EngineFacts facts = status.facts();
        return facts == null || facts.deviceBytes() == 0
                ? Optional.empty()
                : Optional.of(
                        MultiGauge.Row.of(
                                Tags.of(
                                        "model", status.key().toString(),
                                        "device", facts.device()),
                                facts.deviceBytes()));
    }

    private static List<MultiGauge.Row<?>> queues(
            List<ModelQueue> queues, ToDoubleFunction<ModelQueue> value) {
        return queues.stream()
                .<MultiGauge.Row<?>>map(queue -> row(queue.model(), value.applyAsDouble(queue)))
                .toList();
    }

    private static MultiGauge.Row<?> row(ModelId model, double value) {
        return MultiGauge.Row.of(Tags.of("model", model.toString()), value);
    }
}
