package dev.parlo.engine.pool;

/** Measures the memory of the process, so that an engine's own figure can be checked against it. */
@FunctionalInterface
public interface ResidentMemory {
    /** Bytes that the process has in memory outside the Java heap; 0 when it cannot be told. */
    long nativeBytes();

    /** A measure that tells nothing: engines are believed. */
    static ResidentMemory unknown() {
        return () -> 0;
    }
}
