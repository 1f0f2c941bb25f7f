package dev.parlo.engine.pool;

import dev.parlo.engine.EngineFacts;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One engine as the pool sees it at one moment.
 *
 * @param sizeBytes native memory and mapped weights; while loading, what is expected
 * @param facts what the engine said of itself last; null while loading
 * @param leases users, those that wait for the load included
 * @param pinned neither expires nor is evicted
 * @param loadedAt null while loading
 * @param expiresAt when it will be unloaded if it is not used; null while in use, or for never
 */
public record EngineStatus<K>(
        K key,
        EngineState state,
        long sizeBytes,
        @Nullable EngineFacts facts,
        int leases,
        boolean pinned,
        KeepAlive keepAlive,
        @Nullable Instant loadedAt,
        @Nullable Instant expiresAt) {}
