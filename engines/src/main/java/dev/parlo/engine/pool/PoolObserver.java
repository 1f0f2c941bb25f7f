package dev.parlo.engine.pool;

import java.time.Duration;
import java.util.Arrays;

/**
 * Hears what a pool does, for logs and metrics; calls come without the pool's lock, from any
 * thread. Exceptions are logged and dropped.
 */
public interface PoolObserver<K> {
    /** Why an engine was unloaded. */
    enum Unloaded {
        /** It was idle for its keep-alive time. */
        EXPIRED,
        /** Its room was needed. */
        EVICTED,
        /** Somebody asked for it. */
        ASKED,
        /** Its load was given up before it came. */
        ABANDONED,
        /** It turned out larger than the room there was. */
        TOO_LARGE,
        /** A step of its native code did not end. */
        STUCK,
        /** The pool was closed. */
        CLOSED
    }

    /**
     * An engine is loaded.
     *
     * @param took from the load's own start, without waiting for room
     * @param bytes by the engine's own account, which is what the budget counts
     * @param processBytes by which the process grew meanwhile, as a check; 0 where other work ran
     *     beside the load, so that the figure says nothing about it
     */
    default void loaded(K key, Duration took, long bytes, long processBytes) {}

    default void loadFailed(K key, PoolException failure) {}

    default void unloaded(K key, Unloaded why, long bytes) {}

    /** Tells several, each whatever the others throw. */
    @SafeVarargs
    static <K> PoolObserver<K> all(PoolObserver<? super K>... observers) {
        return new PoolObservers<>(
                Arrays.stream(observers).map(observer -> new SafeObserver<K>(observer)).toList());
    }

    /** An observer that does nothing. */
    static <K> PoolObserver<K> none() {
        return new PoolObserver<>() {};
    }
}
