package dev.parlo.server.speech;

import dev.parlo.engine.SpokenWord;
import java.util.List;

/**
 * Audio that became ready together.
 *
 * @param audio encoded; empty while the codec holds back
 * @param words that begin in it, timed from the start of their text
 * @param start seconds from the start of the text
 * @param seconds how long it sounds
 */
public record SpokenPiece(byte[] audio, List<SpokenWord> words, double start, double seconds) {
    public SpokenPiece {
        words = List.copyOf(words);
    }

    /** Seconds from the start of the text. */
    public double end() {
        return start + seconds;
    }
}
