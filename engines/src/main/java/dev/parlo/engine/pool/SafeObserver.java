package dev.parlo.engine.pool;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Passes on what happens and logs what the observer throws. Thread-safe. */
record SafeObserver<K>(PoolObserver<? super K> observer) implements PoolObserver<K> {
    private static final Logger LOG = LoggerFactory.getLogger(SafeObserver.class);

    @Override
    public void loaded(K key, Duration took, long bytes, long processBytes) {
        tell(() -> observer.loaded(key, took, bytes, processBytes));
    }

    @Override
    public void loadFailed(K key, PoolException failure) {
        tell(() -> observer.loadFailed(key, failure));
    }

    @Override
    public void unloaded(K key, Unloaded why, long bytes) {
        tell(() -> observer.unloaded(key, why, bytes));
    }

    private static void tell(Runnable event) {
        try {
            event.run();
        } catch (RuntimeException failure) {
            LOG.error("An observer of the engine pool failed", failure);
        }
    }
}
