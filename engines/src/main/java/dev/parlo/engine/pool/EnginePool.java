package dev.parlo.engine.pool;

import dev.parlo.engine.pool.PoolObserver.Unloaded;
import dev.parlo.engine.pool.SlotTable.Retired;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
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
    private final PoolSettings settings;
    private final PoolTimer timer;
    private final Executor loads;
    private final ResidentMemory memory;
    private final PoolObserver<? super K> observer;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final SlotTable<K, E> table;
    private long uses;
    private boolean closed;

    EnginePool(
            EngineLoader<K, E> loader,
            PoolSettings settings,
            PoolTimer timer,
            Executor loads,
            ResidentMemory memory,
            EvictionPolicy eviction,
            PoolObserver<? super K> observer) {
        this.loader = loader;
        this.settings = settings;
        this.timer = timer;
        this.loads = loads;
        this.memory = memory;
        this.table = new SlotTable<>(settings.memoryBudget(), eviction);
        this.observer = observer;
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
        dispose(retired);
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
                retired = fallIdle(slot);
                changed.signalAll(); // its room may be what a load waits for
            }
        } finally {
            lock.unlock();
        }
        retired.forEach(this::dispose);
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
            return new PoolStats(
                    starting, busy, idle, leases, table.usedBytes(), settings.memoryBudget());
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
            closed = true;
            for (Slot<K, E> slot : table.all()) {
                if (slot.phase == Slot.Phase.LOADING) {
                    abandon(slot, PoolException.closed(slot.key));
                } else if (slot.idle()) {
                    retired.add(table.retire(slot, Unloaded.CLOSED));
                }
            }
        } finally {
            lock.unlock();
        }
        retired.forEach(this::dispose);
    }

    /** Counts one more user of the key's slot, which is made, and its load begun, if missing. */
    private Slot<K, E> enter(K key, @Nullable KeepAlive keepAlive) {
        KeepAlive standard = loader.keepAlive(key);
        lock.lock();
        try {
            if (closed) {
                throw PoolException.closed(key);
            }
            Slot<K, E> slot = table.find(key);
            if (slot == null) {
                slot = new Slot<>(key, standard);
                begin(slot);
                table.add(slot);
            } else if (slot.phase == Slot.Phase.READY) {
                slot.stopAlarm();
            }
            if (keepAlive != null) {
                slot.keepAlive = keepAlive;
            }
            slot.leases++;
            slot.lastUse = ++uses;
            return slot;
        } finally {
            lock.unlock();
        }
    }

    private void begin(Slot<K, E> slot) {
        slot.setAlarm(timer, settings.loadTimeout(), generation -> giveUp(slot));
        try {
            loads.execute(() -> load(slot));
        } catch (RuntimeException | Error failure) { // such as no more threads
            slot.stopAlarm();
            throw PoolException.loadFailed(slot.key, failure);
        }
    }

    private EngineLease<E> await(Slot<K, E> slot) {
        lock.lock();
        try {
            while (slot.phase == Slot.Phase.LOADING) {
                changed.await();
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
                slot.lastUse = ++uses;
                remeasure(slot);
                retired.addAll(fallIdle(slot));
                retired.addAll(table.makeRoom(0));
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
        retired.forEach(this::dispose);
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

    /** Starts an idle slot's keep-alive time, or retires it when there is none. */
    private List<Retired<K, E>> fallIdle(Slot<K, E> slot) {
        if (closed) {
            return List.of(table.retire(slot, Unloaded.CLOSED));
        }
        if (table.isPinned(slot.key) || slot.keepAlive.isForever()) {
            return List.of();
        }
        if (slot.keepAlive.isNone()) {
            return List.of(table.retire(slot, Unloaded.EXPIRED));
        }
        Duration time = slot.keepAlive.time();
        slot.setAlarm(timer, time, generation -> expire(slot, generation));
        slot.expiresAt = timer.now().plus(time);
        return List.of();
    }

    private void expire(Slot<K, E> slot, long generation) {
        Retired<K, E> retired;
        lock.lock();
        try {
            if (!slot.idle() || slot.generation != generation) {
                return;
            }
            retired = table.retire(slot, Unloaded.EXPIRED);
        } finally {
            lock.unlock();
        }
        try {
            loads.execute(() -> dispose(retired)); // closing would hold up the timer
        } catch (RuntimeException | Error failure) {
            dispose(retired);
        }
    }

    private void giveUp(Slot<K, E> slot) {
        Duration limit = settings.loadTimeout();
        long budget = settings.memoryBudget();
        PoolException failure;
        lock.lock();
        try {
            if (slot.phase != Slot.Phase.LOADING) {
                return;
            }
            failure =
                    slot.waitsForRoom
                            ? PoolException.noRoom(
                                    slot.key, slot.bytes, table.usedBytes(), budget, limit)
                            : PoolException.loadTimeout(slot.key, limit);
            abandon(slot, failure);
        } finally {
            lock.unlock();
        }
        tell(hearer -> hearer.loadFailed(slot.key, failure));
    }

    /** Ends a slot that is loading; if its engine still comes, the load closes it. */
    private void abandon(Slot<K, E> slot, PoolException why) {
        table.drop(slot, why);
        slot.cancellation.cancel();
        changed.signalAll();
    }

    /** Runs on the loading executor: waits for its turn and for room, loads, and hands over. */
    private void load(Slot<K, E> slot) {
        try {
            long needed = Math.max(0, loader.expectedBytes(slot.key));
            // A second round is for an engine that turned out larger than expected.
            for (int round = 0; round < 2 && waitForTurn(slot, needed); round++) {
                Instant start = timer.now();
                long before = memory.nativeBytes();
                E engine = loader.load(slot.key, slot.cancellation);
                EngineFacts facts = factsOrClose(engine);
                long bytes = Math.max(facts.nativeBytes(), memory.nativeBytes() - before);
                Unloaded refused = handOver(slot, engine, facts, bytes);
                if (refused == null) {
                    Duration took = Duration.between(start, timer.now());
                    tell(hearer -> hearer.loaded(slot.key, took, bytes));
                    return;
                }
                engine.close();
                tell(hearer -> hearer.unloaded(slot.key, refused, bytes));
                endTurn(slot);
                needed = bytes;
            }
            throw PoolException.noRoom(
                    slot.key, needed, stats().usedBytes(), settings.memoryBudget(), Duration.ZERO);
        } catch (PoolException failure) {
            loadFailed(slot, failure);
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
            loadFailed(slot, PoolException.interrupted(slot.key));
        } catch (Throwable failure) { // an UnsatisfiedLinkError, too, is the waiters' business
            loadFailed(slot, PoolException.loadFailed(slot.key, failure));
        }
    }

    private EngineFacts factsOrClose(E engine) throws Exception {
        try {
            return loader.facts(engine);
        } catch (RuntimeException failure) {
            engine.close();
            throw failure;
        }
    }

    /** True once this slot may load, with the bytes reserved for it; false when it was given up. */
    private boolean waitForTurn(Slot<K, E> slot, long needed) throws InterruptedException {
        if (needed > settings.memoryBudget()) {
            throw PoolException.tooLarge(slot.key, needed, settings.memoryBudget());
        }
        while (true) {
            List<Retired<K, E>> retired = List.of();
            lock.lock();
            try {
                if (slot.phase != Slot.Phase.LOADING) {
                    return false;
                }
                slot.bytes = needed;
                boolean myTurn = table.mayLoad(slot.key);
                if (myTurn && table.fits(needed)) {
                    slot.waitsForRoom = false;
                    table.reserve(slot, needed);
                    return true;
                }
                retired = myTurn ? table.makeRoom(needed) : retired;
                if (retired.isEmpty()) {
                    slot.waitsForRoom = myTurn;
                    changed.await();
                }
            } finally {
                lock.unlock();
            }
            retired.forEach(this::dispose);
        }
    }

    /** Null when the engine is in the pool now, else why it has to be closed. */
    private @Nullable Unloaded handOver(Slot<K, E> slot, E engine, EngineFacts facts, long bytes) {
        List<Retired<K, E>> retired = new ArrayList<>();
        lock.lock();
        try {
            table.reserve(slot, bytes);
            if (slot.phase != Slot.Phase.LOADING) {
                return Unloaded.ABANDONED;
            }
            retired.addAll(table.makeRoom(0));
            if (table.heldBytes() > settings.memoryBudget()) {
                return Unloaded.TOO_LARGE;
            }
            table.endReservation(slot);
            slot.ready(engine, facts, bytes, timer.now());
            slot.lastUse = ++uses;
            if (slot.leases == 0) { // those who asked have all gone
                retired.addAll(fallIdle(slot));
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        retired.forEach(this::dispose);
        return null;
    }

    private void endTurn(Slot<K, E> slot) {
        lock.lock();
        try {
            if (table.endReservation(slot)) {
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    private void loadFailed(Slot<K, E> slot, PoolException failure) {
        endTurn(slot);
        lock.lock();
        try {
            if (slot.phase != Slot.Phase.LOADING) {
                return; // given up before: its waiters have their answer
            }
            abandon(slot, failure);
        } finally {
            lock.unlock();
        }
        tell(hearer -> hearer.loadFailed(slot.key, failure));
    }

    /** Closes an engine outside the lock; its bytes are free afterwards. */
    private void dispose(Retired<K, E> retired) {
        Slot<K, E> slot = retired.slot();
        try {
            Objects.requireNonNull(slot.engine).close();
        } catch (Exception failure) {
            LOG.error("Unloading '{}' failed; its memory may be lost", slot.key, failure);
        } finally {
            lock.lock();
            try {
                table.closed(slot);
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
        tell(hearer -> hearer.unloaded(slot.key, retired.why(), slot.bytes));
    }

    private void tell(Consumer<PoolObserver<? super K>> event) {
        try {
            event.accept(observer);
        } catch (RuntimeException failure) {
            LOG.error("An observer of the engine pool failed", failure);
        }
    }
}
