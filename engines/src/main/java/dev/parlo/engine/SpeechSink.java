package dev.parlo.engine;

/**
 * Takes chunks as they are synthesised, in order, on the thread that called {@code speak}. It may
 * block: the engine computes at most one chunk ahead of it.
 */
@FunctionalInterface
public interface SpeechSink {
    void accept(SpeechChunk chunk);
}
