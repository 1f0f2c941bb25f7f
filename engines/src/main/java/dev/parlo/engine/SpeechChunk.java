package dev.parlo.engine;

import java.util.List;

/**
 * A piece of synthesised speech: the audio goes on exactly where the chunk before it ended.
 *
 * @param samples mono samples at the engine's rate, within [-1, 1]; none where only marks are left
 * @param words the words that begin in this chunk, in order; empty when they were not asked for or
 *     the model cannot tell
 * @param said the same as it is said, with numbers and the like written out
 * @param marks those that are reached in this chunk, in order
 */
public record SpeechChunk(
        float[] samples, List<SpokenWord> words, List<SpokenText> said, List<SpeechMark> marks) {
    /** Copies the lists; the samples are not copied. */
    public SpeechChunk {
        words = List.copyOf(words);
        said = List.copyOf(said);
        marks = List.copyOf(marks);
    }

    /**
     * Sound alone.
     *
     * @param samples mono, within [-1, 1]; not copied
     */
    public SpeechChunk(float[] samples) {
        this(samples, List.of(), List.of(), List.of());
    }
}
