package dev.parlo.engine.pool;

import java.time.Duration;
import java.util.List;

/** Passes on to several what a pool does. Thread-safe as they are. */
record PoolObservers<K>(List<SafeObserver<K>> observers) implements PoolObserver<K> {
    @Override
    public void loaded(K key, Duration took, long bytes, long processBytes) {
        observers.forEach(observer -> observer.loaded(key, took, bytes, processBytes));
    }

    @Override
    public void loadFailed(K key, PoolException failure) {
        observers.forEach(observer -> observer.loadFailed(key, failure));
    }

    @Override
    public void unloaded(K key, Unloaded why, long bytes) {
        observers.forEach(observer -> observer.unloaded(key, why, bytes));
    }
}
