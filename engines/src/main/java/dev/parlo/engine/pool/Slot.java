package dev.parlo.engine.pool;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineFacts;
import java.time.Duration;
import java.time.Instant;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One stay of one engine in the pool, from the first asking until it is gone; a later load of the
 * same key is another slot. Every field is guarded by the pool's lock.
 */
final class Slot<K, E> {
    /** Where a load stands; each stage has the whole time limit to itself. */
    enum Stage {
        /** Others prepare or load, or there is no room. */
        WAITING,
        PREPARING,
        LOADING
    }

    enum Phase {
        LOADING,
        READY,
        GONE
    }

    final K key;
    final Cancellation cancellation = new Cancellation();
    KeepAlive keepAlive;
    Phase phase = Phase.LOADING;
    Stage stage = Stage.WAITING;
    boolean waitsForRoom;
    int leases;
    long lastUse;

    /** Tells a late alarm from the one that was set last. */
    long generation;

    long bytes;
    @Nullable E engine;
    @Nullable EngineFacts facts;
    @Nullable PoolException failure;
    @Nullable Instant loadedAt;
    @Nullable Instant expiresAt;
    PoolTimer.@Nullable Alarm alarm;

    Slot(K key, KeepAlive keepAlive) {
        this.key = key;
        this.keepAlive = keepAlive;
    }

    boolean idle() {
        return phase == Phase.READY && leases == 0;
    }

    void ready(E loaded, EngineFacts loadedFacts, Instant now) {
        stopAlarm();
        phase = Phase.READY;
        engine = loaded;
        measured(loadedFacts);
        loadedAt = now;
    }

    /** What the engine says of itself counts, and nothing that others did meanwhile. */
    void measured(EngineFacts latest) {
        facts = latest;
        bytes = latest.nativeBytes();
    }

    void setAlarm(PoolTimer timer, Duration delay, LongConsumer task) {
        stopAlarm();
        long current = generation;
        alarm = timer.after(delay, () -> task.accept(current));
    }

    void stopAlarm() {
        generation++;
        expiresAt = null;
        if (alarm != null) {
            alarm.cancel();
            alarm = null;
        }
    }

    EngineStatus<K> status(boolean pinned) {
        EngineState state =
                phase == Phase.LOADING
                        ? EngineState.LOADING
                        : leases > 0 ? EngineState.BUSY : EngineState.IDLE;
        return new EngineStatus<>(
                key, state, bytes, facts, leases, pinned, keepAlive, loadedAt, expiresAt);
    }
}
