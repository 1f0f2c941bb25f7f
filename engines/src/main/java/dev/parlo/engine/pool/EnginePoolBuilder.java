package dev.parlo.engine.pool;

import java.util.concurrent.Executor;

/** Collects the parts of an {@link EnginePool}; what is not given has the default named here. */
public final class EnginePoolBuilder<K, E extends AutoCloseable> {
    private final EngineLoader<K, E> loader;
    private final PoolTimer timer;
    private PoolSettings settings = PoolSettings.defaults();
    private Executor loads = task -> Thread.ofPlatform().daemon().name("engine-load").start(task);
    private ResidentMemory memory = ResidentMemory.unknown();
    private EvictionPolicy eviction = EvictionPolicy.leastRecentlyUsed();
    private PoolObserver<? super K> observer = PoolObserver.none();

    EnginePoolBuilder(EngineLoader<K, E> loader, PoolTimer timer) {
        this.loader = loader;
        this.timer = timer;
    }

    /** Limits; by default no budget and 300 s for a load. */
    public EnginePoolBuilder<K, E> settings(PoolSettings value) {
        settings = value;
        return this;
    }

    /**
     * Where loads wait and run; must not run them on the calling thread. By default one daemon
     * thread each: native code would pin a virtual thread's carrier.
     */
    public EnginePoolBuilder<K, E> loads(Executor value) {
        loads = value;
        return this;
    }

    /** Checks the engines' own figures; by default they are believed. */
    public EnginePoolBuilder<K, E> memory(ResidentMemory value) {
        memory = value;
        return this;
    }

    /** Who makes room; by default the least recently used. */
    public EnginePoolBuilder<K, E> eviction(EvictionPolicy value) {
        eviction = value;
        return this;
    }

    /** Hears of loads and unloads; without it nothing is told. */
    public EnginePoolBuilder<K, E> observer(PoolObserver<? super K> value) {
        observer = value;
        return this;
    }

    public EnginePool<K, E> build() {
        return new EnginePool<>(loader, settings, timer, loads, memory, eviction, observer);
    }
}
