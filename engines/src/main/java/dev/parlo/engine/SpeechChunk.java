package dev.parlo.engine;

import java.util.List;

/**
 * A piece of synthesised speech: the audio goes on exactly where the chunk before it ended.
 *
 * @param samples mono samples at the engine's rate, within [-1, 1]
 * @param words the words that begin in this chunk, in order; empty when they were not asked for or
 *     the model cannot tell
 */
public record SpeechChunk(float[] samples, List<SpokenWord> words) {
    public SpeechChunk {
        words = List.copyOf(words);
    }
}
