package dev.parlo.engine.pool;

import dev.parlo.engine.EngineFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the engines of a pool say of their own size. An engine grows and shrinks while it is used
 * (caches, arenas), so it is asked again whenever a lease comes back and before room is looked for.
 * Engines are never asked under the pool's lock: everybody would wait for a slow one. Thread-safe.
 */
final class EngineSizes<K, E extends AutoCloseable> {
    private static final Logger LOG = LoggerFactory.getLogger(EngineSizes.class);

    private final EngineLoader<K, E> loader;
    private final SlotTable<K, E> table;

    EngineSizes(EngineLoader<K, E> loader, SlotTable<K, E> table) {
        this.loader = loader;
        this.table = table;
    }

    /** Asks a loaded engine, without the lock; null when it cannot tell. */
    @Nullable EngineFacts ask(Slot<K, E> slot) {
        try {
            return loader.facts(Objects.requireNonNull(slot.engine));
        } catch (RuntimeException failure) {
            LOG.warn("The size of '{}' cannot be asked; keeping the last one", slot.key, failure);
            return null;
        }
    }

    /** Without the lock: asks every engine in use. Idle ones were asked when they fell idle. */
    void refresh() {
        List<Slot<K, E>> busy = new ArrayList<>();
        table.lock.lock();
        try {
            for (Slot<K, E> slot : table.all()) {
                if (slot.phase == Slot.Phase.READY && slot.leases > 0) {
                    busy.add(slot);
                }
            }
        } finally {
            table.lock.unlock();
        }
        for (Slot<K, E> slot : busy) {
            EngineFacts facts = ask(slot);
            if (facts != null) {
                table.lock.lock();
                try {
                    if (slot.phase == Slot.Phase.READY) {
                        slot.measured(facts);
                    }
                } finally {
                    table.lock.unlock();
                }
            }
        }
    }
}
