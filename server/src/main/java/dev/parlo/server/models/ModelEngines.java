package dev.parlo.server.models;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineFacts;
import dev.parlo.engine.pool.EngineLease;
import dev.parlo.engine.pool.EngineLoader;
import dev.parlo.engine.pool.EnginePool;
import dev.parlo.engine.pool.EngineStatus;
import dev.parlo.engine.pool.KeepAlive;
import dev.parlo.engine.pool.PoolException;
import dev.parlo.engine.pool.PoolObserver;
import dev.parlo.engine.pool.PoolSettings;
import dev.parlo.engine.pool.ProcessMemory;
import dev.parlo.engine.pool.SystemPoolTimer;
import dev.parlo.engine.pool.UnloadResult;
import dev.parlo.registry.InstalledModel;
import dev.parlo.registry.ModelFamily;
import dev.parlo.registry.ModelId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The engines of installed models: which family is run by which factory, and one pool for all of
 * them, so that the memory budget is one. Thread-safe.
 */
public final class ModelEngines implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ModelEngines.class);

    private final ModelLibrary library;
    private final Map<ModelFamily, EngineFactory> factories;
    private final SystemPoolTimer timer = new SystemPoolTimer();
    private final ProcessMemory memory = new ProcessMemory();
    private final EnginePool<ModelId, LoadedModel> pool;

    /** Platform threads: native code would pin a virtual thread's carrier. */
    private final ExecutorService loads =
            Executors.newThreadPerTaskExecutor(
                    Thread.ofPlatform().daemon().name("engine-load").factory());

    /**
     * @param keepAlive how long an idle engine of a family stays
     */
    public ModelEngines(
            ModelLibrary library,
            Map<ModelFamily, EngineFactory> factories,
            PoolSettings settings,
            Function<ModelFamily, KeepAlive> keepAlive) {
        this.library = library;
        this.factories = Map.copyOf(factories);
        memory.keepNoLargeBlocks();
        this.pool =
                EnginePool.builder(new Loader(keepAlive), timer)
                        .settings(settings)
                        .memory(memory)
                        .loads(loads)
                        .observer(new Journal())
                        .build();
    }

    /** The families that can be loaded. */
    public boolean runs(ModelFamily family) {
        return factories.containsKey(family);
    }

    /**
     * Borrows the engine of a model, loading it where it is not loaded.
     *
     * @param name a model id or an alias
     * @param keepAlive how long it stays afterwards; null for what is set
     * @throws dev.parlo.registry.RegistryException when there is no such model of these families
     * @throws PoolException when it cannot be loaded now
     */
    public ModelLease lease(
            String name, List<ModelFamily> families, @Nullable KeepAlive keepAlive) {
        InstalledModel model = library.require(name, families);
        requireFactory(model.family());
        return new ModelLease(model, pool.lease(model.id(), keepAlive));
    }

    /** As {@link EnginePool#load}. */
    public boolean load(InstalledModel model, @Nullable KeepAlive keepAlive) {
        requireFactory(model.family());
        return pool.load(model.id(), keepAlive);
    }

    /** As {@link EnginePool#unload}; an engine that was unloaded is not pinned any more. */
    public UnloadResult unload(ModelId id) {
        UnloadResult result = pool.unload(id);
        if (result instanceof UnloadResult.Unloaded) {
            pool.unpin(id);
        }
        return result;
    }

    /** From now on an engine neither expires nor is evicted, or does so again. */
    public void pin(ModelId id, boolean pinned) {
        if (pinned) {
            pool.pin(id);
        } else {
            pool.unpin(id);
        }
    }

    public List<EngineStatus<ModelId>> list() {
        return pool.list();
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

    /** An engine in use, and the model that it runs. Closing twice is harmless. */
    public record ModelLease(InstalledModel model, EngineLease<LoadedModel> lease)
            implements AutoCloseable {
        /** The engine as what it is known to be. */
        public <T> T engine(Class<T> kind) {
            return kind.cast(lease.engine().engine());
        }

        @Override
        public void close() {
            lease.close();
        }
    }

    private final class Loader implements EngineLoader<ModelId, LoadedModel> {
        private final Function<ModelFamily, KeepAlive> keepAlive;

        Loader(Function<ModelFamily, KeepAlive> keepAlive) {
            this.keepAlive = keepAlive;
        }

        @Override
        public long expectedBytes(ModelId id) {
            return library.require(id.toString()).sizeBytes();
        }

        @Override
        public LoadedModel load(ModelId id, Cancellation cancellation) {
            InstalledModel model = library.require(id.toString());
            return requireFactory(model.family()).load(model, cancellation);
        }

        @Override
        public EngineFacts facts(LoadedModel model) {
            return model.facts();
        }

        @Override
        public KeepAlive keepAlive(ModelId id) {
            return library.find(id.toString())
                    .map(model -> keepAlive.apply(model.family()))
                    .orElse(KeepAlive.NONE);
        }
    }

    /** Logs what the pool does, and hands freed memory back to the system. */
    private final class Journal implements PoolObserver<ModelId> {
        @Override
        public void loaded(ModelId id, Duration took, long bytes) {
            LOG.info("Loaded '{}' in {} ms, {} bytes", id, took.toMillis(), bytes);
        }

        @Override
        public void loadFailed(ModelId id, PoolException failure) {
            LOG.warn("{}", failure.getMessage());
        }

        @Override
        public void unloaded(ModelId id, Unloaded why, long bytes) {
            memory.giveBack();
            LOG.info("Unloaded '{}' ({}), {} bytes", id, why, bytes);
        }
    }
}
