package dev.parlo.engine.pool;

import dev.parlo.engine.EngineFacts;
import dev.parlo.engine.pool.EvictionPolicy.Candidate;
import dev.parlo.engine.pool.PoolObserver.Unloaded;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The pool's books: which slots there are, which are being closed, and how many bytes they hold.
 * Everything here and in the slots is guarded by {@link #lock}, which the callers take; engines are
 * never loaded or closed under it.
 */
final class SlotTable<K, E> {
    /** A slot that has left the table and whose engine somebody has to close now. */
    record Retired<K, E>(Slot<K, E> slot, Unloaded why) {}

    final ReentrantLock lock = new ReentrantLock();

    /** Signalled when a load or an engine has ended, or an engine has fallen idle. */
    final Condition changed = lock.newCondition();

    /** Nothing more is lent. */
    boolean poolClosed;

    private final Map<K, Slot<K, E>> slots = new LinkedHashMap<>();
    private final Set<Slot<K, E>> closing = new HashSet<>();

    /** Of those that are being closed, the ones that may never be. */
    private final Set<Slot<K, E>> givenUp = new HashSet<>();

    private final Set<K> pinned = new HashSet<>();
    private final long budget;
    private final EvictionPolicy policy;

    /** Loads under way with the bytes kept for each; those that were given up until they return. */
    private final Map<Slot<K, E>, Long> reserved = new HashMap<>();

    private final int parallelLoads;
    private long uses;

    SlotTable(PoolSettings settings, EvictionPolicy policy) {
        this.budget = settings.memoryBudget();
        this.parallelLoads = settings.parallelLoads();
        this.policy = policy;
    }

    @Nullable Slot<K, E> find(K key) {
        return slots.get(key);
    }

    Collection<Slot<K, E>> all() {
        return List.copyOf(slots.values());
    }

    void add(Slot<K, E> slot) {
        slots.put(slot.key, slot);
    }

    /** Notes that a slot is in use now; the order of uses is what eviction goes by. */
    void used(Slot<K, E> slot) {
        slot.lastUse = ++uses;
    }

    boolean pin(K key) {
        return pinned.add(key);
    }

    boolean unpin(K key) {
        return pinned.remove(key);
    }

    boolean isPinned(K key) {
        return pinned.contains(key);
    }

    /** Takes out a slot that never came to have an engine. */
    void drop(Slot<K, E> slot, PoolException why) {
        slots.remove(slot.key, slot); // only this one, not a later load of the same key
        slot.stopAlarm();
        slot.phase = Slot.Phase.GONE;
        slot.failure = why;
    }

    /** Takes out a slot, whose bytes count until {@link #closed}. */
    Retired<K, E> retire(Slot<K, E> slot, Unloaded why) {
        slots.remove(slot.key, slot);
        slot.stopAlarm();
        slot.phase = Slot.Phase.GONE;
        closing.add(slot);
        return new Retired<>(slot, why);
    }

    void closed(Slot<K, E> slot) {
        closing.remove(slot);
        givenUp.remove(slot);
    }

    /** Loads of this key do not wait any more for its engines that are being closed. */
    void giveUpClosing(K key) {
        closing.stream().filter(slot -> slot.key.equals(key)).forEach(givenUp::add);
    }

    /** True when fewer loads than may run are under way and no earlier engine of this key is. */
    boolean mayLoad(K key) {
        int active = 0;
        for (Slot<K, E> slot : reserved.keySet()) {
            if (slot.key.equals(key)) {
                return false; // given up, and has not come back yet
            }
            // One that was given up may hang for ever: it keeps its bytes, but no request waits for
            // it.
            active += slot.phase == Slot.Phase.LOADING ? 1 : 0;
        }
        return active < parallelLoads
                && closing.stream()
                        .noneMatch(slot -> slot.key.equals(key) && !givenUp.contains(slot));
    }

    void reserve(Slot<K, E> slot, long bytes) {
        reserved.put(slot, bytes);
    }

    /** True when this slot was being loaded. */
    boolean endReservation(Slot<K, E> slot) {
        return reserved.remove(slot) != null;
    }

    /** True when no other load is under way and no engine is in use. */
    boolean nothingElseRuns(Slot<K, E> slot) {
        return reserved.keySet().stream().allMatch(other -> other == slot)
                && closing.isEmpty()
                && slots.values().stream()
                        .noneMatch(other -> other.phase == Slot.Phase.READY && other.leases > 0);
    }

    long budget() {
        return budget;
    }

    /** Bytes of loaded engines and of the loads in flight. */
    long heldBytes() {
        long sum = reserved.values().stream().mapToLong(Long::longValue).sum();
        for (Slot<K, E> slot : slots.values()) {
            sum += slot.phase == Slot.Phase.READY ? slot.bytes : 0;
        }
        return sum;
    }

    /** {@link #heldBytes} and those of engines that are being closed. */
    long usedBytes() {
        return heldBytes() + closing.stream().mapToLong(slot -> slot.bytes).sum();
    }

    boolean fits(long needed) {
        return needed <= budget - usedBytes();
    }

    /**
     * Retires an idle engine that holds memory of a GPU, pinned ones excepted; null without one.
     */
    @Nullable Retired<K, E> retireFromDevice() {
        List<Candidate<K>> idle = new ArrayList<>();
        for (Slot<K, E> slot : slots.values()) {
            EngineFacts facts = slot.facts;
            if (slot.idle()
                    && !pinned.contains(slot.key)
                    && facts != null
                    && facts.deviceBytes() > 0) {
                idle.add(new Candidate<>(slot.key, facts.deviceBytes(), slot.lastUse));
            }
        }
        return policy.choose(idle)
                .map(Candidate::key)
                .map(slots::get)
                .map(slot -> retire(slot, Unloaded.EVICTED))
                .orElse(null);
    }

    /**
     * Retires idle engines until {@code needed} more bytes have room, the pinned ones excepted;
     * none when that would not be enough.
     */
    List<Retired<K, E>> makeRoom(long needed) {
        List<Retired<K, E>> retired = new ArrayList<>();
        List<Candidate<K>> idle = new ArrayList<>();
        long evictable = 0;
        for (Slot<K, E> slot : slots.values()) {
            if (slot.idle() && !pinned.contains(slot.key)) {
                idle.add(new Candidate<>(slot.key, slot.bytes, slot.lastUse));
                evictable += slot.bytes;
            }
        }
        if (heldBytes() - evictable > budget - needed) {
            return retired;
        }
        while (heldBytes() > budget - needed) {
            Candidate<K> victim = policy.choose(List.copyOf(idle)).orElse(null);
            if (victim == null || !idle.remove(victim)) {
                return retired;
            }
            retired.add(retire(Objects.requireNonNull(slots.get(victim.key())), Unloaded.EVICTED));
        }
        return retired;
    }
}
