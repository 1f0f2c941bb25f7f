package dev.parlo.engine.pool;

import dev.parlo.engine.EngineFacts;
import dev.parlo.engine.pool.PoolObserver.Unloaded;
import dev.parlo.engine.pool.SlotTable.Retired;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * How engines come into a pool: one load after the other, each waiting for its turn and for room
 * within the budget, measured, and given up when it takes too long. Thread-safe.
 */
final class EngineLoads<K, E extends AutoCloseable> {
    private final EngineLoader<K, E> loader;
    private final Duration timeout;
    private final SlotTable<K, E> table;
    private final EngineUnloads<K, E> unloads;
    private final PoolTimer timer;
    private final Executor executor;
    private final ResidentMemory memory;
    private final PoolObserver<K> observer;

    EngineLoads(
            EngineLoader<K, E> loader,
            Duration timeout,
            SlotTable<K, E> table,
            EngineUnloads<K, E> unloads,
            PoolTimer timer,
            Executor executor,
            ResidentMemory memory,
            PoolObserver<K> observer) {
        this.loader = loader;
        this.timeout = timeout;
        this.table = table;
        this.unloads = unloads;
        this.timer = timer;
        this.executor = executor;
        this.memory = memory;
        this.observer = observer;
    }

    /** Under the lock: has a new slot loaded, and given up when that takes too long. */
    void begin(Slot<K, E> slot) {
        slot.setAlarm(timer, timeout, generation -> giveUp(slot));
        try {
            executor.execute(() -> load(slot));
        } catch (RuntimeException | Error failure) { // such as no more threads
            slot.stopAlarm();
            throw PoolException.loadFailed(slot.key, failure);
        }
    }

    private void giveUp(Slot<K, E> slot) {
        PoolException failure;
        table.lock.lock();
        try {
            if (slot.phase != Slot.Phase.LOADING) {
                return;
            }
            failure =
                    slot.waitsForRoom
                            ? PoolException.noRoom(
                                    slot.key,
                                    slot.bytes,
                                    table.usedBytes(),
                                    table.budget(),
                                    timeout)
                            : PoolException.loadTimeout(slot.key, timeout);
            abandon(slot, failure);
        } finally {
            table.lock.unlock();
        }
        observer.loadFailed(slot.key, failure);
    }

    /**
     * Under the lock: ends a slot that is loading; if its engine still comes, the load closes it.
     */
    void abandon(Slot<K, E> slot, PoolException why) {
        table.drop(slot, why);
        slot.cancellation.cancel();
        table.changed.signalAll();
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
                    observer.loaded(slot.key, took, bytes);
                    return;
                }
                engine.close();
                observer.unloaded(slot.key, refused, bytes);
                endTurn(slot);
                needed = bytes;
            }
            throw PoolException.noRoom(
                    slot.key, needed, usedBytes(), table.budget(), Duration.ZERO);
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
        if (needed > table.budget()) {
            throw PoolException.tooLarge(slot.key, needed, table.budget());
        }
        while (true) {
            List<Retired<K, E>> retired = List.of();
            table.lock.lock();
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
                    table.changed.await();
                }
            } finally {
                table.lock.unlock();
            }
            unloads.dispose(retired);
        }
    }

    /** Null when the engine is in the pool now, else why the caller has to close it. */
    private @Nullable Unloaded handOver(Slot<K, E> slot, E engine, EngineFacts facts, long bytes) {
        List<Retired<K, E>> retired = new ArrayList<>();
        Unloaded refused = null;
        table.lock.lock();
        try {
            table.reserve(slot, bytes);
            if (slot.phase != Slot.Phase.LOADING) {
                return Unloaded.ABANDONED;
            }
            retired.addAll(table.makeRoom(0));
            if (table.heldBytes() > table.budget()) {
                refused = Unloaded.TOO_LARGE;
            } else {
                table.endReservation(slot);
                slot.ready(engine, facts, bytes, timer.now());
                table.used(slot);
                if (slot.leases == 0) { // those who asked have all gone
                    retired.addAll(unloads.fallIdle(slot));
                }
                table.changed.signalAll();
            }
        } finally {
            table.lock.unlock();
        }
        unloads.dispose(retired);
        return refused;
    }

    private void endTurn(Slot<K, E> slot) {
        table.lock.lock();
        try {
            if (table.endReservation(slot)) {
                table.changed.signalAll();
            }
        } finally {
            table.lock.unlock();
        }
    }

    private void loadFailed(Slot<K, E> slot, PoolException failure) {
        endTurn(slot);
        table.lock.lock();
        try {
            if (slot.phase != Slot.Phase.LOADING) {
                return; // given up before: its waiters have their answer
            }
            abandon(slot, failure);
        } finally {
            table.lock.unlock();
        }
        observer.loadFailed(slot.key, failure);
    }

    private long usedBytes() {
        table.lock.lock();
        try {
            return table.usedBytes();
        } finally {
            table.lock.unlock();
        }
    }
}
