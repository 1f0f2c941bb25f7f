package dev.parlo.engine.pool;

/** What became of the wish to unload an engine. */
public sealed interface UnloadResult {
    /** It was idle; its memory is free now. */
    record Unloaded(long bytes) implements UnloadResult {}

    /** There is no such engine in the pool. */
    record NotLoaded() implements UnloadResult {}

    /**
     * It is being loaded or used, and stays.
     *
     * @param leases users, at least 1
     */
    record InUse(int leases) implements UnloadResult {}
}
