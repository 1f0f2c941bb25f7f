package dev.parlo.engine.pool;

import java.time.Duration;
import java.util.Objects;

/**
 * The limits of a pool.
 *
 * @param memoryBudget bytes that all engines together may take; at least 1, {@link #UNLIMITED} for
 *     no limit
 * @param loadTimeout how long each stage of a load may take, counted from its own start, at least 1
 *     ms: waiting for room, preparing, loading
 * @param parallelLoads engines that are loaded at the same time, at least 1; so many are prepared
 *     beside them
 */
public record PoolSettings(long memoryBudget, Duration loadTimeout, int parallelLoads) {
    public static final long UNLIMITED = Long.MAX_VALUE;
    private static final int PARALLEL_LOADS = 4;

    public PoolSettings {
        Objects.requireNonNull(loadTimeout, "loadTimeout is null");
        if (memoryBudget < 1) {
            throw new IllegalArgumentException(
                    "The memory budget is " + memoryBudget + " bytes; give at least 1.");
        }
        if (parallelLoads < 1) {
            throw new IllegalArgumentException(
                    "Loads at the same time are " + parallelLoads + "; give at least 1.");
        }
        if (loadTimeout.toMillis() < 1) {
            throw new IllegalArgumentException(
                    "The load timeout is " + loadTimeout + "; give at least 1 ms.");
        }
    }

    public PoolSettings(long memoryBudget, Duration loadTimeout) {
        this(memoryBudget, loadTimeout, PARALLEL_LOADS);
    }

    public static PoolSettings defaults() {
        return new PoolSettings(UNLIMITED, Duration.ofSeconds(300));
    }

    public PoolSettings withMemoryBudget(long bytes) {
        return new PoolSettings(bytes, loadTimeout, parallelLoads);
    }

    public PoolSettings withLoadTimeout(Duration timeout) {
        return new PoolSettings(memoryBudget, timeout, parallelLoads);
    }

    public PoolSettings withParallelLoads(int loads) {
        return new PoolSettings(memoryBudget, loadTimeout, loads);
    }
}
