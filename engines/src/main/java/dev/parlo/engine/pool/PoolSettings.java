package dev.parlo.engine.pool;

import java.time.Duration;
import java.util.Objects;

/**
 * The limits of a pool.
 *
 * @param memoryBudget bytes that all engines together may take; at least 1, {@link #UNLIMITED} for
 *     no limit
 * @param loadTimeout how long a lease waits for a load, from the asking, at least 1 ms
 */
public record PoolSettings(long memoryBudget, Duration loadTimeout) {
    public static final long UNLIMITED = Long.MAX_VALUE;

    public PoolSettings {
        Objects.requireNonNull(loadTimeout, "loadTimeout is null");
        if (memoryBudget < 1) {
            throw new IllegalArgumentException(
                    "The memory budget is " + memoryBudget + " bytes; give at least 1.");
        }
        if (loadTimeout.toMillis() < 1) {
            throw new IllegalArgumentException(
                    "The load timeout is " + loadTimeout + "; give at least 1 ms.");
        }
    }

    public static PoolSettings defaults() {
        return new PoolSettings(UNLIMITED, Duration.ofSeconds(300));
    }

    public PoolSettings withMemoryBudget(long bytes) {
        return new PoolSettings(bytes, loadTimeout);
    }

    public PoolSettings withLoadTimeout(Duration timeout) {
        return new PoolSettings(memoryBudget, timeout);
    }
}
