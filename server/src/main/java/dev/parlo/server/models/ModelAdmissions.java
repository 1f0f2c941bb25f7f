package dev.parlo.server.models;

import dev.parlo.engine.EngineObserver;
import dev.parlo.engine.admission.Admission;
import dev.parlo.engine.admission.Urgency;
import dev.parlo.registry.InstalledModel;
import dev.parlo.registry.ModelFamily;
import dev.parlo.registry.ModelId;
import dev.parlo.registry.ModelTask;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * The queue before each model. It is there before the engine is and stays when the engine goes, so
 * that requests which wait for a load are counted with those that wait for a turn. Thread-safe.
 */
public final class ModelAdmissions {
    private final Function<ModelFamily, QueueLimits> limits;
    private final Function<ModelId, EngineObserver> observers;

    /** Clips of any model go before what reads files for any other. */
    private final Urgency urgency = new Urgency();

    /** Only installed models have one, so their number bounds it. */
    private final Map<ModelId, Admission> models = new ConcurrentHashMap<>();

    private final Map<ModelTask, Admission> unresolved = new EnumMap<>(ModelTask.class);

    /**
     * @param observers is told what the engine of a model does
     */
    public ModelAdmissions(
            Function<ModelFamily, QueueLimits> limits,
            Function<ModelId, EngineObserver> observers) {
        this.limits = limits;
        this.observers = observers;
        for (ModelTask task : ModelTask.values()) {
            QueueLimits queue = limits.apply(ModelFamily.of(task).getFirst());
            unresolved.put(task, queue.admission(EngineObserver.NONE, urgency));
        }
    }

    /** The queue before an installed model. */
    Admission of(InstalledModel model) {
        return models.computeIfAbsent(
                model.id(),
                id -> {
                    QueueLimits queue = limits.apply(model.family());
                    return queue.admission(observers.apply(id), urgency);
                });
    }

    /** Has the next request for a model, and its next engine, take another queue. */
    void forget(ModelId id, Admission queue) {
        models.remove(id, queue);
    }

    /** What is computed for each model. */
    Map<ModelId, Admission> all() {
        return Map.copyOf(models);
    }

    /** The queues of the models that were asked for. */
    List<ModelQueue> list() {
        return models.entrySet().stream()
                .map(entry -> {
                    Admission queue = entry.getValue();
                    return new ModelQueue(
                            entry.getKey(), queue.entered(), queue.waiting(), queue.places());
                })
                .toList();
    }

    /**
     * Requests whose model is not known yet, because its name has not been read, or not installed
     * yet: they are bounded together.
     */
    Admission unresolved(ModelTask task) {
        Admission admission = unresolved.get(task);
        if (admission == null) {
            throw new IllegalStateException("no queue for " + task);
        }
        return admission;
    }
}
