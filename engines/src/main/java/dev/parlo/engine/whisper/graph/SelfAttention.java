package dev.parlo.engine.whisper.graph;

/** How the decoder attends to the tokens before. Both give the same numbers up to rounding. */
public enum SelfAttention {
    /** One operator that writes and reads the caches; on a GPU for half floats only. */
    GROUPED,
    /** The caches are written by one operator and read by another, for any floats. */
    SCATTERED
}
