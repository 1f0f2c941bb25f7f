package dev.parlo.engine.pool;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineFacts;
import dev.parlo.engine.pool.PoolObserver.Unloaded;
import dev.parlo.engine.pool.SlotTable.Retired;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Lends engines by key. An engine is loaded once however many ask for it, is shared by its users,
 * and is unloaded when it was idle for its keep-alive time or when another needs its room; an
 * engine in use is never unloaded. A bounded number of loads run side by side; what an engine takes
 * is what it says of itself.
 *
 * <p>Thread-safe. One lock guards the state; loading and closing engines happen outside of it, on
 * the loading executor or on the thread that gives an engine back.
 *
 * @param <K> names an engine; equal keys name the same engine
 * @param <E> the engine
 */
public final class EnginePool<K, E extends AutoCloseable> implements AutoCloseable {
    private final EngineLoader<K, E> loader;
    private final SlotTable<K, E> table;
    private final ReentrantLock lock;
    private final EngineSizes<K, E> sizes;
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
        this.table = new SlotTable<>(settings, eviction);
        this.lock = table.lock;
        PoolObserver<K> safe = new SafeObserver<>(observer);
        this.sizes = new EngineSizes<>(loader, table);
        this.unloads = new EngineUnloads<>(table, timer, executor, safe);
        this.loads =
                new EngineLoads<>(
                        loader, settings, table, sizes, unloads, timer, executor, memory, safe);
    }

    /** A pool to be configured. */
    public static <K, E extends AutoCloseable> EnginePoolBuilder<K, E> builder(
            EngineLoader<K, E> loader, PoolTimer timer) {
        return new EnginePoolBuilder<>(loader, timer);
    }

    /** {@link #lease(Object, KeepAlive, Cancellation)} that cannot be cancelled. */
    public EngineLease<E> lease(K key, @Nullable KeepAlive keepAlive) {
        return lease(key, keepAlive, new Cancellation());
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
     * @param cancellation ends the waiting; the load goes on, for the next request
     * @throws PoolException when no engine can be lent; its reason says why
     * @throws EngineException of category CANCELLED
     */
    public EngineLease<E> lease(K key, @Nullable KeepAlive keepAlive, Cancellation cancellation) {
        return await(enter(key, keepAlive), cancellation);
    }

    /**
     * Loads an engine that is neither loaded nor being loaded; blocks. With a keep-alive of zero it
     * is unloaded again at once. Of one that is there, only the stay is changed. A load that fails
     * changes nothing, pins included.
     *
     * @param keepAlive how long it stays after its last use; null leaves the time as it is
     * @param pin whether it is pinned from now on; null leaves that as it is
     * @throws PoolException as {@link #lease}
     */
    public LoadResult load(K key, @Nullable KeepAlive keepAlive, @Nullable Boolean pin) {
        Slot<K, E> slot;
        boolean there;
        List<Retired<K, E>> retired = List.of();
        lock.lock();
        try {
            slot = table.find(key);
            there = slot != null;
            if (slot == null) {
                slot = enter(key, keepAlive);
            } else if (keepAlive != null || pin != null) {
                retired = stay(slot, keepAlive, pin);
            }
        } finally {
            lock.unlock();
        }
        unloads.dispose(retired);
        if (there) {
            return keepAlive == null && pin == null ? LoadResult.UNCHANGED : LoadResult.CHANGED;
        }
        try (EngineLease<E> lease = await(slot, new Cancellation())) {
            if (pin != null) { // while it is in use, so that it is not gone before it is pinned
                setPin(key, pin);
            }
        }
        return LoadResult.LOADED;
    }

    /** Under the lock: sets how long a slot stays; what is returned is to be disposed of. */
    private List<Retired<K, E>> stay(
            Slot<K, E> slot, @Nullable KeepAlive keepAlive, @Nullable Boolean pin) {
        if (keepAlive != null) {
            slot.keepAlive = keepAlive;
        }
        if (pin != null) {
            boolean unused = pin ? table.pin(slot.key) : table.unpin(slot.key);
        }
        if (!slot.idle()) {
            return List.of();
        }
        slot.stopAlarm();
        table.changed.signalAll(); // its room may be what a load waits for
        return unloads.fallIdle(slot);
    }

    private void setPin(K key, boolean pin) {
        if (pin) {
            pin(key);
        } else {
            unpin(key);
        }
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

    /**
     * Lends the engine of a key to nobody any more, though it is in use: it is in native code that
     * may never return. The next user has another loaded, as far as there is room: this one's bytes
     * count until its code has returned and it is closed. Does not wait.
     */
    public void giveUp(K key) {
        Retired<K, E> retired = null;
        lock.lock();
        try {
            Slot<K, E> slot = table.find(key);
            if (slot != null && slot.phase == Slot.Phase.READY) {
                retired = table.retire(slot, Unloaded.STUCK);
            }
            table.giveUpClosing(key);
            table.changed.signalAll(); // a load may wait for the end of what is being closed
        } finally {
            lock.unlock();
        }
        if (retired != null) {
            unloads.disposeElsewhere(retired);
        }
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
        sizes.refresh();
        lock.lock();
        try {
            return table.all().stream().map(slot -> slot.status(table.isPinned(slot.key))).toList();
        } finally {
            lock.unlock();
        }
    }

    public PoolStats stats() {
        sizes.refresh();
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

    private EngineLease<E> await(Slot<K, E> slot, Cancellation cancellation) {
        // Registered before the lock is taken and given back after it: a thread that cancels holds
        // the cancellation's lock while it asks for ours.
        try (Cancellation.Registration wake = cancellation.onCancel(this::wake)) {
            lock.lock();
            try {
                while (slot.phase == Slot.Phase.LOADING && !cancellation.isCancelled()) {
                    table.changed.await();
                }
                if (slot.failure != null) {
                    throw slot.failure.again();
                }
                if (slot.phase == Slot.Phase.READY) {
                    E engine = Objects.requireNonNull(slot.engine);
                    return new EngineLease<>(engine, () -> giveBack(slot));
                }
            } catch (InterruptedException interruption) {
                Thread.currentThread().interrupt();
            } finally {
                lock.unlock();
            }
        }
        release(slot, null);
        cancellation.check();
        throw PoolException.interrupted(slot.key);
    }

    private void wake() {
        lock.lock();
        try {
            table.changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void giveBack(Slot<K, E> slot) {
        // Asked while it is still lent, so that it cannot be closed meanwhile, and without the
        // lock.
        release(slot, sizes.ask(slot));
    }

    private void release(Slot<K, E> slot, @Nullable EngineFacts facts) {
        List<Retired<K, E>> retired = new ArrayList<>();
        lock.lock();
        try {
            slot.leases--;
            if (facts != null) {
                slot.measured(facts);
            }
            if (slot.idle()) {
                table.used(slot);
                retired.addAll(unloads.fallIdle(slot));
            }
            if (slot.phase == Slot.Phase.READY) {
                retired.addAll(table.makeRoom(0)); // it may have grown while it was used
                table.changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
        unloads.dispose(retired);
    }
}
