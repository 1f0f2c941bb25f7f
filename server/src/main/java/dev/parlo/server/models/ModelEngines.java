package dev.parlo.server.models;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineFacts;
import dev.parlo.engine.EngineObserver;
import dev.parlo.engine.admission.Admission;
import dev.parlo.engine.admission.Priority;
import dev.parlo.engine.admission.Ticket;
import dev.parlo.engine.pool.EngineLease;
import dev.parlo.engine.pool.EngineLoader;
import dev.parlo.engine.pool.EnginePool;
import dev.parlo.engine.pool.EngineStatus;
import dev.parlo.engine.pool.KeepAlive;
import dev.parlo.engine.pool.LoadResult;
import dev.parlo.engine.pool.PoolException;
import dev.parlo.engine.pool.PoolObserver;
import dev.parlo.engine.pool.PoolSettings;
import dev.parlo.engine.pool.ProcessMemory;
import dev.parlo.engine.pool.SystemPoolTimer;
import dev.parlo.engine.pool.UnloadResult;
import dev.parlo.engine.steps.NativeSteps;
import dev.parlo.registry.InstalledModel;
import dev.parlo.registry.ModelFamily;
import dev.parlo.registry.ModelId;
import dev.parlo.registry.ModelTask;
import dev.parlo.registry.RegistryException;
import dev.parlo.server.trace.Traces;
import dev.parlo.server.watchdog.Watchdog;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The engines of installed models: which family is run by which factory, and one pool for all of
 * them, so that the memory budget is one. Thread-safe.
 */
public final class ModelEngines implements ModelLeases, AutoCloseable {
    private final ModelLibrary library;
    private final Map<ModelFamily, EngineFactory> factories;
    private final MemoryEstimate estimate;
    private final SystemPoolTimer timer = new SystemPoolTimer();
    private final ProcessMemory memory = new ProcessMemory();
    private final ModelAdmissions admissions;
    private final Traces traces;
    private final EnginePool<ModelId, Queued> pool;

    /** Platform threads: native code would pin a virtual thread's carrier. */
    private final ExecutorService loads =
            Executors.newThreadPerTaskExecutor(
                    Thread.ofPlatform().daemon().name("engine-load").factory());

    /**
     * @param estimate what a load is expected to take
     * @param keepAlive how long an idle engine of a family stays
     * @param admissions the queues before the models
     * @param observer is told of loads and unloads
     * @param traces follows the requests that take places
     */
    public ModelEngines(
            ModelLibrary library,
            Map<ModelFamily, EngineFactory> factories,
            MemoryEstimate estimate,
            PoolSettings settings,
            Function<ModelFamily, KeepAlive> keepAlive,
            ModelAdmissions admissions,
            PoolObserver<ModelId> observer,
            Traces traces) {
        this.library = library;
        this.estimate = estimate;
        this.traces = traces;
        this.admissions = admissions;
        this.factories = Map.copyOf(factories);
        this.pool =
                EnginePool.builder(new Loader(keepAlive), timer)
                        .settings(settings)
                        .memory(memory)
                        .loads(loads)
                        .observer(new MemoryGiver(observer))
                        .build();
    }

    /** The families that can be loaded. */
    public boolean runs(ModelFamily family) {
        return factories.containsKey(family);
    }

    @Override
    public Traces traces() {
        return traces;
    }

    @Override
    public Place admit(
            @Nullable String name, ModelTask task, Priority priority, Cancellation cancellation) {
        Optional<InstalledModel> model = installed(name, task);
        Admission admission =
                model.map(admissions::of).orElseGet(() -> admissions.unresolved(task));
        String known = model.map(found -> found.id().toString()).orElse(name == null ? "" : name);
        return new Place(
                known, admission.enter(priority, cancellation).withObserver(traces.engines()));
    }

    private Optional<InstalledModel> installed(@Nullable String name, ModelTask task) {
        try {
            return Optional.ofNullable(name)
                    .flatMap(library::find)
                    .filter(model -> model.task() == task);
        } catch (RegistryException unusable) { // what is wrong with the name is said by lease
            return Optional.empty();
        }
    }

    @Override
    public <T> Leased<T> lease(
            Place place, ModelTask task, Class<T> type, @Nullable KeepAlive keepAlive) {
        InstalledModel model = library.require(place.model(), ModelFamily.of(task));
        requireFactory(model.family());
        Admission admission = admissions.of(model);
        Ticket asked = place.ticket();
        // The model may have been installed since, or stand in for the one that was named.
        Ticket ticket =
                asked.admission() == admission
                        ? asked
                        : admission
                                .enter(asked.priority(), asked.cancellation())
                                .withObserver(asked.ownObserver());
        try {
            EngineLease<Queued> lease = leased(model.id(), keepAlive, asked);
            Queued engine = lease.engine();
            if (engine.queue() != admission) { // it was given up at this very moment
                lease.close();
                throw NativeSteps.failure();
            }
            return new Leased<>(
                    model.id().toString(),
                    type.cast(engine.loaded().engine()),
                    ticket,
                    lease::close);
        } catch (Throwable failure) {
            if (ticket != asked) {
                ticket.close();
            }
            throw failure;
        }
    }

    private EngineLease<Queued> leased(ModelId id, @Nullable KeepAlive keepAlive, Ticket asked) {
        if (asked.ownObserver() == EngineObserver.NONE || isLoaded(id)) {
            return pool.lease(id, keepAlive, asked.cancellation());
        }
        long began = System.nanoTime();
        try {
            return pool.lease(id, keepAlive, asked.cancellation());
        } finally {
            Duration took = Duration.ofNanos(System.nanoTime() - began);
            asked.ownObserver().stage(EngineObserver.Stage.MODEL_LOAD, took, took);
        }
    }

    private boolean isLoaded(ModelId id) {
        return pool.list().stream()
                .anyMatch(status -> status.key().equals(id) && status.loadedAt() != null);
    }

    /** As {@link EnginePool#load}. */
    public LoadResult load(
            InstalledModel model, @Nullable KeepAlive keepAlive, @Nullable Boolean pin) {
        requireFactory(model.family());
        return pool.load(model.id(), keepAlive, pin);
    }

    /** As {@link EnginePool#unload}; an engine that was unloaded is not pinned any more. */
    public UnloadResult unload(ModelId id) {
        UnloadResult result = pool.unload(id);
        if (result instanceof UnloadResult.Unloaded) {
            pool.unpin(id);
        }
        return result;
    }

    public List<EngineStatus<ModelId>> list() {
        return pool.list();
    }

    /** The native code of each model that was asked for, to be watched. */
    public List<Watchdog.Watched> watched() {
        return admissions.all().entrySet().stream()
                .<Watchdog.Watched>map(
                        entry -> new WatchedModel(entry.getKey(), entry.getValue(), this::giveUp))
                .toList();
    }

    private void giveUp(WatchedModel stuck) {
        // First, so that no engine is loaded behind the old queue any more.
        admissions.forget(stuck.id(), stuck.admission());
        pool.giveUp(stuck.id());
        stuck.steps().giveUp();
    }

    /** The queues of the models that were asked for since the start. */
    public List<ModelQueue> queues() {
        return admissions.list();
    }

    /** The memory of the process that the engines are in. */
    public ProcessMemory memory() {
        return memory;
    }

    @Override
    public void close() {
        pool.close();
        loads.shutdown();
        timer.close();
    }

    /**
     * After {@link #close}: waits until every engine is unloaded and every load has ended, which
     * native code can delay.
     *
     * @return false when that took too long
     */
    public boolean awaitEnd(Duration longest) {
        try {
            return loads.awaitTermination(longest.toMillis(), TimeUnit.MILLISECONDS)
                    && pool.list().isEmpty();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private EngineFactory requireFactory(ModelFamily family) {
        EngineFactory factory = factories.get(family);
        if (factory == null) {
            throw new EngineException(
                    EngineException.Category.BAD_REQUEST,
                    "Models of the format " + family.format() + " cannot be loaded by this build.");
        }
        return factory;
    }

    /**
     * An engine with the queue before it. A later engine of the same model has another one where
     * this one was given up.
     */
    private record Queued(LoadedModel loaded, Admission queue) implements AutoCloseable {
        @Override
        public void close() throws Exception {
            loaded.close();
        }
    }

    private final class Loader implements EngineLoader<ModelId, Queued> {
        private final Function<ModelFamily, KeepAlive> keepAlive;

        Loader(Function<ModelFamily, KeepAlive> keepAlive) {
            this.keepAlive = keepAlive;
        }

        @Override
        public long expectedBytes(ModelId id) {
            InstalledModel model = library.require(id.toString());
            var unused = requireFactory(model.family());
            return estimate.processBytes(model);
        }

        @Override
        public void prepare(ModelId id, Cancellation cancellation) {
            // Of use from the first load on; binding native functions would hold up the start.
            memory.keepNoLargeBlocks();
            InstalledModel model = library.require(id.toString());
            requireFactory(model.family()).prepare(model, cancellation);
        }

        @Override
        public Queued load(ModelId id, Cancellation cancellation) {
            InstalledModel model = library.require(id.toString());
            Admission queue = admissions.of(model);
            return new Queued(
                    requireFactory(model.family()).load(model, queue, cancellation), queue);
        }

        @Override
        public EngineFacts facts(Queued model) {
            return model.loaded().facts();
        }

        @Override
        public KeepAlive keepAlive(ModelId id) {
            return library.find(id.toString())
                    .map(model -> keepAlive.apply(model.family()))
                    .orElse(KeepAlive.NONE);
        }
    }

    /** Hands freed memory back to the system before it tells of an unload. */
    private final class MemoryGiver implements PoolObserver<ModelId> {
        private final PoolObserver<ModelId> next;

        MemoryGiver(PoolObserver<ModelId> next) {
            this.next = next;
        }

        @Override
        public void loaded(ModelId id, Duration took, long bytes, long processBytes) {
            next.loaded(id, took, bytes, processBytes);
        }

        @Override
        public void loadFailed(ModelId id, PoolException failure) {
            next.loadFailed(id, failure);
        }

        @Override
        public void unloaded(ModelId id, Unloaded why, long bytes) {
            memory.giveBack();
            next.unloaded(id, why, bytes);
        }
    }
}
