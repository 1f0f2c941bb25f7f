package dev.parlo.engine.pool;

import dev.parlo.engine.EngineFacts;
import dev.parlo.engine.pool.PoolObserver.Unloaded;
import dev.parlo.engine.pool.SlotTable.Retired;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lends engines by key. An engine is loaded once however many ask for it, is shared by its users,
 * and is unloaded when it was idle for its keep-alive time or when another needs its room; an
 * engine in use is never unloaded. Loads of different keys run one after the other, so that the
 * memory of each can be measured and the budget is exceeded by no more than one load.
 *
 * <p>Thread-safe. One lock guards the state; loading and closing engines happen outside of it, on
 * the loading executor or on the thread that gives an engine back.
 *
 * @param <K> names an engine; equal keys name the same engine
 * @param <E> the engine
 */
public final class EnginePool<K, E extends AutoCloseable> implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EnginePool.class);

    private final EngineLoader<K, E> loader;
    private final SlotTable<K, E> table;
    private final ReentrantLock lock;
    private final EngineLoads<K, E> loads;
    private final EngineUnloads<K, E> unloads;

    EnginePool(
            EngineLoader<K, E> loader,
            PoolSettings settings,
            PoolTimer timer,
            Executor executor,
            ResidentMemory memory,
            EvictionPolicy eviction,
            PoolObserver<? super K> observer) {
        this.loader = loader;
        this.table = new SlotTable<>(settings.memoryBudget(), eviction);
        this.lock = table.lock;
        PoolObserver<K> safe = new SafeObserver<>(observer);
        this.unloads = new EngineUnloads<>(table, timer, executor, safe);
        this.loads =
                new EngineLoads<>(
                        loader,
                        settings.loadTimeout(),
                        table,
                        unloads,
                        timer,
                        executor,
                        memory,
                        safe);
    }

    /** A pool to be configured. */
    public static <K, E extends AutoCloseable> EnginePoolBuilder<K, E> builder(
            EngineLoader<K, E> loader, PoolTimer timer) {
        return new EnginePoolBuilder<>(loader, timer);
    }

    /** {@link #lease(Object, KeepAlive)} that leaves the keep-alive time as it is. */
    public EngineLease<E> lease(K key) {
        return lease(key, null);
    }

    /**
     * Borrows an engine; loads it first if need be, which blocks.
     *
     * @param keepAlive how long the engine stays after its last use, from now on; null leaves the
     *     time as it is
     * @throws PoolException when there is none to be had; its reason says why
     */
    public EngineLease<E> lease(K key, @Nullable KeepAlive keepAlive) {
        return await(enter(key, keepAlive));
    }

    /**
     * Loads an engine that is neither loaded nor being loaded; blocks. With a keep-alive of zero it
     * is unloaded again at once.
     *
     * @return false when it was there already
     * @throws PoolException as {@link #lease}
     */
    public boolean load(K key, @Nullable KeepAlive keepAlive) {
        Slot<K, E> slot;
        lock.lock();
        try {
            if (table.find(key) != null) {
                return false;
            }
            slot = enter(key, keepAlive);
        } finally {
            lock.unlock();
        }
        await(slot).close();
        return true;
    }

    /** Unloads an idle engine, pinned or not, and returns when its memory is free. */
    public UnloadResult unload(K key) {
        Slot<K, E> slot;
        Retired<K, E> retired;
        lock.lock();
        try {
            slot = table.find(key);
            if (slot == null) {
                return new UnloadResult.NotLoaded();
            }
            if (!slot.idle()) {
                return new UnloadResult.InUse(Math.max(1, slot.leases));
            }
            retired = table.retire(slot, Unloaded.ASKED);
        } finally {
            lock.unlock();
        }
        unloads.dispose(retired);
        return new UnloadResult.Unloaded(slot.bytes);
    }

    /** From now on the key's engine neither expires nor is evicted. It is not loaded by this. */
    public void pin(K key) {
        lock.lock();
        try {
            Slot<K, E> slot = table.find(key);
            if (table.pin(key) && slot != null && slot.idle()) {
                slot.stopAlarm();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Takes {@link #pin} back; an idle engine's keep-alive time starts. */
    public void unpin(K key) {
        List<Retired<K, E>> retired = List.of();
        lock.lock();
        try {
            Slot<K, E> slot = table.find(key);
            if (table.unpin(key) && slot != null && slot.idle()) {
                retired = unloads.fallIdle(slot);
                table.changed.signalAll(); // its room may be what a load waits for
            }
        } finally {
            lock.unlock();
        }
        unloads.dispose(retired);
    }

    /** What is loaded and being loaded, in the order of asking. */
    public List<EngineStatus<K>> list() {
        lock.lock();
        try {
            return table.all().stream().map(slot -> slot.status(table.isPinned(slot.key))).toList();
        } finally {
            lock.unlock();
        }
    }

    public PoolStats stats() {
        lock.lock();
        try {
            int starting = 0;
            int busy = 0;
            int leases = 0;
            for (Slot<K, E> slot : table.all()) {
                starting += slot.phase == Slot.Phase.LOADING ? 1 : 0;
                busy += slot.phase == Slot.Phase.READY && slot.leases > 0 ? 1 : 0;
                leases += slot.leases;
            }
            int idle = table.all().size() - starting - busy;
            return new PoolStats(starting, busy, idle, leases, table.usedBytes(), table.budget());
        } finally {
            lock.unlock();
        }
    }

    /**
     * Lends nothing more, unloads what is idle and gives up the loads. Engines in use are unloaded
     * when their last lease closes. Closing twice is harmless.
     */
    @Override
    public void close() {
        List<Retired<K, E>> retired = new ArrayList<>();
        lock.lock();
        try {
            table.poolClosed = true;
            for (Slot<K, E> slot : table.all()) {
                if (slot.phase == Slot.Phase.LOADING) {
                    loads.abandon(slot, PoolException.closed(slot.key));
                } else if (slot.idle()) {
                    retired.add(table.retire(slot, Unloaded.CLOSED));
                }
            }
        } finally {
            lock.unlock();
        }
        unloads.dispose(retired);
    }

    /** Counts one more user of the key's slot, which is made, and its load begun, if missing. */
    private Slot<K, E> enter(K key, @Nullable KeepAlive keepAlive) {
        KeepAlive standard = loader.keepAlive(key);
        lock.lock();
        try {
            if (table.poolClosed) {
                throw PoolException.closed(key);
            }
            Slot<K, E> slot = table.find(key);
            if (slot == null) {
                slot = new Slot<>(key, standard);
                loads.begin(slot);
                table.add(slot);
            } else if (slot.phase == Slot.Phase.READY) {
                slot.stopAlarm();
            }
            if (keepAlive != null) {
                slot.keepAlive = keepAlive;
            }
            slot.leases++;
            table.used(slot);
            return slot;
        } finally {
            lock.unlock();
        }
    }

    private EngineLease<E> await(Slot<K, E> slot) {
        lock.lock();
        try {
            while (slot.phase == Slot.Phase.LOADING) {
                table.changed.await();
            }
            if (slot.failure != null) {
                throw slot.failure.again();
            }
            return new EngineLease<>(Objects.requireNonNull(slot.engine), () -> release(slot));
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
        release(slot);
        throw PoolException.interrupted(slot.key);
    }

    private void release(Slot<K, E> slot) {
        List<Retired<K, E>> retired = new ArrayList<>();
        lock.lock();
        try {
            slot.leases--;
            if (slot.idle()) {
                table.used(slot);
                remeasure(slot);
                retired.addAll(unloads.fallIdle(slot));
                retired.addAll(table.makeRoom(0));
                table.changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
        unloads.dispose(retired);
    }

    /** An engine may have grown while it was used: caches, arenas. */
    private void remeasure(Slot<K, E> slot) {
        try {
            EngineFacts facts = loader.facts(Objects.requireNonNull(slot.engine));
            slot.facts = facts;
            slot.bytes = Math.max(slot.bytes, facts.nativeBytes());
        } catch (RuntimeException failure) {
            LOG.warn("The size of '{}' cannot be asked; keeping the last one", slot.key, failure);
        }
    }
}
