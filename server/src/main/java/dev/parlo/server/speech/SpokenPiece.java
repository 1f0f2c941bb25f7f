package dev.parlo.server.speech;

import dev.parlo.engine.SpeechMark;
import dev.parlo.engine.SpokenText;
import dev.parlo.engine.SpokenWord;
import java.util.List;

/**
 * Audio that became ready together.
 *
 * @param audio encoded; empty while the codec holds back
 * @param words that begin in it, timed from the start of their text
 * @param said the same as it is said, with numbers and the like written out
 * @param marks of the text that are reached in it, on the same clock
 * @param start seconds from the start of the text
 * @param seconds how long it sounds
 */
public record SpokenPiece(
        byte[] audio,
        List<SpokenWord> words,
        List<SpokenText> said,
        List<SpeechMark> marks,
        double start,
        double seconds) {
    public SpokenPiece {
        words = List.copyOf(words);
        said = List.copyOf(said);
        marks = List.copyOf(marks);
    }

    /** Sound that belongs to no word, such as what a codec held back. */
    public static SpokenPiece of(byte[] audio) {
        return new SpokenPiece(audio, List.of(), List.of(), List.of(), 0, 0);
    }

    /** Seconds from the start of the text. */
    public double end() {
        return start + seconds;
    }
}
