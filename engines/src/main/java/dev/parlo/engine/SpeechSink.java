package dev.parlo.engine;

/**
 * Takes chunks as they are synthesised, in order, on the thread that called {@code speak}. It may
 * block: the engine computes at most one chunk ahead of it.
 */
@FunctionalInterface
public interface SpeechSink {
    /**
     * Takes the next chunk.
     *
     * @param chunk its samples are not used by the engine any more
     */
    void accept(SpeechChunk chunk);
}
