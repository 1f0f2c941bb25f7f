package dev.parlo.engine.pool;

/** Where a listed engine stands. */
public enum EngineState {
    /** Being loaded, or waiting for room to be loaded. */
    LOADING,
    /** Loaded and lent to somebody. */
    BUSY,
    /** Loaded, without a lease. */
    IDLE
}
