package dev.parlo.engine.pool;

import dev.parlo.engine.pool.PoolObserver.Unloaded;
import dev.parlo.engine.pool.SlotTable.Retired;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How engines leave a pool: idle for their keep-alive time, or retired by somebody else and closed
 * here, outside the lock. Thread-safe.
 */
final class EngineUnloads<K, E extends AutoCloseable> {
    private static final Logger LOG = LoggerFactory.getLogger(EngineUnloads.class);

    private final SlotTable<K, E> table;
    private final PoolTimer timer;
    private final Executor executor;
    private final PoolObserver<K> observer;

    /**
     * @param executor where expired engines are closed, so that they do not hold up the timer
     */
    EngineUnloads(
            SlotTable<K, E> table, PoolTimer timer, Executor executor, PoolObserver<K> observer) {
        this.table = table;
        this.timer = timer;
        this.executor = executor;
        this.observer = observer;
    }

    /**
     * Under the lock: starts an idle slot's keep-alive time, or retires it when there is none. What
     * is returned has to be {@linkplain #dispose disposed of} after the lock is released.
     */
    List<Retired<K, E>> fallIdle(Slot<K, E> slot) {
        if (table.poolClosed) {
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
        table.lock.lock();
        try {
            if (!slot.idle() || slot.generation != generation) {
                return;
            }
            retired = table.retire(slot, Unloaded.EXPIRED);
        } finally {
            table.lock.unlock();
        }
        try {
            executor.execute(() -> dispose(retired));
        } catch (RuntimeException | Error failure) { // such as no more threads
            dispose(retired);
        }
    }

    /** Closes an engine that may never end on a thread of its own; without one, not at all. */
    void disposeElsewhere(Retired<K, E> retired) {
        try {
            executor.execute(() -> dispose(retired));
        } catch (RuntimeException | Error failure) {
            LOG.error("'{}' is given up and cannot be closed", retired.slot().key, failure);
        }
    }

    void dispose(List<Retired<K, E>> retired) {
        retired.forEach(this::dispose);
    }

    /** Closes an engine without the lock; its bytes are free afterwards. */
    void dispose(Retired<K, E> retired) {
        Slot<K, E> slot = retired.slot();
        try {
            Objects.requireNonNull(slot.engine).close();
        } catch (Exception | Error failure) { // the others are closed all the same
            LOG.error("Unloading '{}' failed; its memory may be lost", slot.key, failure);
        } finally {
            table.lock.lock();
            try {
                table.closed(slot);
                table.changed.signalAll();
            } finally {
                table.lock.unlock();
            }
        }
        observer.unloaded(slot.key, retired.why(), slot.bytes);
    }
}
