package dev.parlo.engine.pool;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineFacts;
import dev.parlo.engine.admission.Admission;
import dev.parlo.engine.admission.Priority;
import dev.parlo.engine.admission.Ticket;
import dev.parlo.engine.admission.Turn;
import dev.parlo.engine.log.CallersLog;
import dev.parlo.engine.pool.PoolObserver.Unloaded;
import dev.parlo.engine.pool.Slot.Stage;
import dev.parlo.engine.pool.SlotTable.Retired;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How engines come into a pool: a bounded number side by side, each prepared first, then waiting
 * for room within the budget, loaded, and given up when one of these takes too long. Thread-safe.
 */
final class EngineLoads<K, E extends AutoCloseable> {
    private static final Logger LOG = LoggerFactory.getLogger(EngineLoads.class);

    private final EngineLoader<K, E> loader;
    private final Duration timeout;
    private final SlotTable<K, E> table;
    private final EngineSizes<K, E> sizes;
    private final EngineUnloads<K, E> unloads;
    private final PoolTimer timer;
    private final Executor executor;
    private final ResidentMemory memory;
    private final PoolObserver<K> observer;

    /** Conversions: they need memory of the heap and disks, so not all at once. */
    private final Admission preparations;

    EngineLoads(
            EngineLoader<K, E> loader,
            PoolSettings settings,
            SlotTable<K, E> table,
            EngineSizes<K, E> sizes,
            EngineUnloads<K, E> unloads,
            PoolTimer timer,
            Executor executor,
            ResidentMemory memory,
            PoolObserver<K> observer) {
        this.loader = loader;
        this.timeout = settings.loadTimeout();
        this.table = table;
        this.sizes = sizes;
        this.unloads = unloads;
        this.timer = timer;
        this.executor = executor;
        this.memory = memory;
        this.observer = observer;
        // Each key waits once, so the number of models bounds the places.
        this.preparations = new Admission(settings.parallelLoads(), Integer.MAX_VALUE);
    }

    /** Under the lock: has a new slot loaded, and given up when that takes too long. */
    void begin(Slot<K, E> slot) {
        enter(slot, Stage.WAITING);
        try {
            // Its lines are those of the request that was the first to want the model.
            executor.execute(CallersLog.carried(() -> load(slot)));
        } catch (RuntimeException | Error failure) { // such as no more threads
            slot.stopAlarm();
            throw PoolException.loadFailed(slot.key, failure);
        }
    }

    /** Under the lock: the time of the next stage starts now. */
    private void enter(Slot<K, E> slot, Stage stage) {
        slot.stage = stage;
        slot.setAlarm(timer, timeout, generation -> giveUp(slot, generation));
    }

    private void giveUp(Slot<K, E> slot, long generation) {
        PoolException failure;
        table.lock.lock();
        try {
            if (slot.phase != Slot.Phase.LOADING || slot.generation != generation) {
                return; // over, or in its next stage
            }
            failure = tooLate(slot);
            abandon(slot, failure);
        } finally {
            table.lock.unlock();
        }
        observer.loadFailed(slot.key, failure);
    }

    private PoolException tooLate(Slot<K, E> slot) {
        if (slot.stage != Stage.WAITING) {
            return PoolException.loadTimeout(slot.key, timeout);
        }
        return slot.waitsForRoom
                ? PoolException.noRoom(
                        slot.key, slot.bytes, table.usedBytes(), table.budget(), timeout)
                : PoolException.queued(slot.key, timeout);
    }

    /**
     * Under the lock: ends a slot that is loading; if its engine still comes, the load closes it.
     */
    void abandon(Slot<K, E> slot, PoolException why) {
        table.drop(slot, why);
        slot.cancellation.cancel();
        table.changed.signalAll();
    }

    /** Runs on the loading executor: prepares, waits for room, loads, and hands over. */
    private void load(Slot<K, E> slot) {
        try {
            long needed = Math.max(0, loader.expectedBytes(slot.key));
            refuseTooLarge(slot, needed);
            if (!prepare(slot)) {
                return;
            }
            // A second round is for an engine that turned out larger than expected.
            for (int round = 0; round < 2 && waitForRoom(slot, needed); round++) {
                long start = System.nanoTime(); // a clock may be put right meanwhile
                long before = processBytes();
                E engine = loaded(slot);
                EngineFacts facts = factsOrClose(engine);
                long bytes = facts.nativeBytes();
                long grown = Math.max(0, processBytes() - before);
                Outcome<K, E> outcome = handOverOrClose(slot, engine, facts);
                unloads.dispose(outcome.retired());
                if (outcome.refused() == null) {
                    Duration took = Duration.ofNanos(System.nanoTime() - start);
                    observer.loaded(slot.key, took, bytes, outcome.alone() ? grown : 0);
                    return;
                }
                engine.close();
                observer.unloaded(slot.key, outcome.refused(), bytes);
                endReservation(slot);
                needed = bytes;
                refuseTooLarge(slot, needed);
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

    /**
     * GPUs have no budget: that one has too little memory is known when its driver refuses. Then
     * idle engines on GPUs go, one after another, until the load succeeds.
     */
    private E loaded(Slot<K, E> slot) throws Exception {
        while (true) {
            try {
                return loader.load(slot.key, slot.cancellation);
            } catch (EngineException failure) {
                Retired<K, E> retired =
                        failure.category() == EngineException.Category.NO_SPACE
                                ? retireFromDevice(slot)
                                : null;
                if (retired == null) {
                    throw failure;
                }
                unloads.dispose(List.of(retired));
            }
        }
    }

    private @Nullable Retired<K, E> retireFromDevice(Slot<K, E> slot) {
        table.lock.lock();
        try {
            // Nobody waits for a load that was given up: the others may stay.
            return slot.phase == Slot.Phase.LOADING ? table.retireFromDevice() : null;
        } finally {
            table.lock.unlock();
        }
    }

    private void refuseTooLarge(Slot<K, E> slot, long needed) {
        if (needed > table.budget()) {
            throw PoolException.tooLarge(slot.key, needed, table.budget());
        }
    }

    /** False when the load was given up. */
    private boolean prepare(Slot<K, E> slot) throws Exception {
        try (Ticket ticket = preparations.enter(Priority.BATCH, slot.cancellation);
                Turn turn = ticket.await();
                // One that hangs gives its turn back when it is given up.
                Cancellation.Registration end = slot.cancellation.onCancel(turn::close)) {
            if (!advance(slot, Stage.PREPARING)) {
                return false;
            }
            loader.prepare(slot.key, slot.cancellation);
        }
        return advance(slot, Stage.WAITING);
    }

    /** False when the load was given up. */
    private boolean advance(Slot<K, E> slot, Stage stage) {
        table.lock.lock();
        try {
            if (slot.phase != Slot.Phase.LOADING) {
                return false;
            }
            enter(slot, stage);
            return true;
        } finally {
            table.lock.unlock();
        }
    }

    private EngineFacts factsOrClose(E engine) throws Exception {
        try {
            return loader.facts(engine);
        } catch (Throwable failure) { // errors, too: only this thread knows of the engine
            closeAfter(failure, engine);
            throw failure;
        }
    }

    private Outcome<K, E> handOverOrClose(Slot<K, E> slot, E engine, EngineFacts facts) {
        try {
            return handOver(slot, engine, facts);
        } catch (Throwable failure) {
            closeAfter(failure, engine);
            throw failure;
        }
    }

    private void closeAfter(Throwable failure, E engine) {
        try {
            engine.close();
        } catch (Throwable another) {
            failure.addSuppressed(another);
        }
    }

    /** Only a check: where it cannot be read, the load goes on. */
    private long processBytes() {
        try {
            return memory.nativeBytes();
        } catch (RuntimeException failure) {
            LOG.debug("The memory of the process cannot be read", failure);
            return 0;
        }
    }

    /** True once this slot may load, with the bytes reserved for it; false when it was given up. */
    private boolean waitForRoom(Slot<K, E> slot, long needed) throws InterruptedException {
        while (true) {
            sizes.refresh();
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
                    enter(slot, Stage.LOADING);
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

    /**
     * What became of a loaded engine.
     *
     * @param refused why the caller has to close it, null when it is in the pool now
     * @param alone whether nothing else in the pool ran beside the load's end
     * @param retired engines that made room, to be closed without the lock
     */
    private record Outcome<K, E>(
            @Nullable Unloaded refused, boolean alone, List<Retired<K, E>> retired) {}

    private Outcome<K, E> handOver(Slot<K, E> slot, E engine, EngineFacts facts) {
        List<Retired<K, E>> retired = new ArrayList<>();
        Unloaded refused = null;
        boolean alone;
        table.lock.lock();
        try {
            alone = table.nothingElseRuns(slot);
            table.reserve(slot, facts.nativeBytes());
            if (slot.phase != Slot.Phase.LOADING) {
                return new Outcome<>(Unloaded.ABANDONED, alone, retired);
            }
            retired.addAll(table.makeRoom(0));
            if (table.heldBytes() > table.budget()) {
                refused = Unloaded.TOO_LARGE;
                enter(slot, Stage.WAITING);
            } else {
                table.endReservation(slot);
                slot.ready(engine, facts, timer.now());
                table.used(slot);
                if (slot.leases == 0) { // those who asked have all gone
                    retired.addAll(unloads.fallIdle(slot));
                }
                table.changed.signalAll();
            }
        } finally {
            table.lock.unlock();
        }
        return new Outcome<>(refused, alone, retired);
    }

    private void endReservation(Slot<K, E> slot) {
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
        endReservation(slot);
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
