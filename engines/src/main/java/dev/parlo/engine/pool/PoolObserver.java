package dev.parlo.engine.pool;

import java.time.Duration;

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
        /** The pool was closed. */
        CLOSED
    }

    default void loaded(K key, Duration took, long bytes) {}

    default void loadFailed(K key, PoolException failure) {}

    default void unloaded(K key, Unloaded why, long bytes) {}

    /** An observer that does nothing. */
    static <K> PoolObserver<K> none() {
        return new PoolObserver<>() {};
    }
}
