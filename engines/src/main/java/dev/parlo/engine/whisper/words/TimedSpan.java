package dev.parlo.engine.whisper.words;

import dev.parlo.engine.Word;
import java.util.ArrayList;
import java.util.List;

/**
 * A segment of a window while its times are being settled.
 *
 * <p>{@code from} and {@code to} bound its tokens among those of the window. Not thread-safe.
 */
public final class TimedSpan {
    private final int from;
    private final int to;
    double start;
    double end;
    List<TimedWord> words = new ArrayList<>();

    /**
     * @param from index of its first token in the window's
     * @param to one after its last
     * @param start seconds from the start of the audio
     * @param end seconds from the start of the audio
     */
    public TimedSpan(int from, int to, double start, double end) {
        this.from = from;
        this.to = to;
        this.start = start;
        this.end = end;
    }

    public int from() {
        return from;
    }

    public int to() {
        return to;
    }

    public double start() {
        return start;
    }

    public double end() {
        return end;
    }

    public List<Word> words() {
        return words.stream()
                .map(word -> new Word(word.start, word.end, word.text, word.probability))
                .toList();
    }
}
