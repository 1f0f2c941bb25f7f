package dev.parlo.engine.pool;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineFacts;

/**
 * What a pool has to know about its engines. Implementations are thread-safe: several keys may be
 * loaded at a time, one key only once.
 *
 * @param <K> what names an engine; equal keys name the same engine
 * @param <E> the engine
 */
public interface EngineLoader<K, E extends AutoCloseable> {
    /**
     * Bytes of the process's memory that a load is expected to take, such as the size of the
     * weights on disk; 0 when unknown, and for what lies on a GPU. The pool makes that much room
     * before it loads.
     */
    long expectedBytes(K key) throws Exception;

    /**
     * Does what a load needs and what takes no memory worth counting, such as converting weights on
     * disk; blocks. The pool does it before it looks for room, so that a long conversion keeps no
     * other load waiting. A call that was given up may still run when the next begins.
     */
    default void prepare(K key, Cancellation cancellation) throws Exception {}

    /**
     * Loads the engine; blocks. A loader that can stop early looks at {@code cancellation}; one
     * that cannot may return late, its engine is then closed at once. After a failure of category
     * NO_SPACE it is asked again as long as idle engines on GPUs can be unloaded before.
     */
    E load(K key, Cancellation cancellation) throws Exception;

    /**
     * What a loaded engine says about itself. Asked again whenever a lease ends and before another
     * engine is loaded, also while it is being closed; must be quick.
     */
    EngineFacts facts(E engine);

    /** How long an idle engine of this key stays when its users ask for nothing else. */
    KeepAlive keepAlive(K key);
}
