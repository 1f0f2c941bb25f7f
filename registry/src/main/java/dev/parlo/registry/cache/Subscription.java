package dev.parlo.registry.cache;

/** A listener's registration; closing it ends the calls, closing it twice is harmless. */
public interface Subscription extends AutoCloseable {
    @Override
    void close();
}
