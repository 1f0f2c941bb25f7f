package dev.parlo.engine.pool;

/** Result of a request to load an engine. */
public enum LoadResult {
    /** It was not there and is loaded now. */
    LOADED,
    /** It was there, or is being loaded, and what was asked of its stay is in force now. */
    CHANGED,
    /** It was there, or is being loaded, and nothing was asked of its stay. */
    UNCHANGED
}
