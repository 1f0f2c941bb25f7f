package dev.parlo.server.elevenlabs;

import dev.parlo.engine.SpokenWord;
import java.util.ArrayList;
import java.util.List;

/**
 * When each character of a text is said, from the times and places of its words: a word's time is
 * shared evenly by its characters ({@code $2.50} has the time of all that is said for it), a pause
 * by the spaces and marks between two words. Every character comes once and in order. For one text;
 * used by one thread.
 */
final class CharacterTimes {
    /**
     * @param text one code point
     * @param start seconds from the start of the text's speech
     */
    record Timed(String text, double start, double end) {}

    private final String text;
    private int cursor;
    private double time;

    CharacterTimes(String text) {
        this.text = text;
    }

    /**
     * The characters of one piece of the speech.
     *
     * @param words that begin in it, timed from the start of the text's speech
     * @param end when the piece ends, on the same clock
     */
    List<Timed> take(List<SpokenWord> words, double end) {
        List<Timed> timed = new ArrayList<>();
        boolean found = false;
        for (SpokenWord word : words) {
            found = true;
            spread(Math.min(word.from(), text.length()), word.start(), timed);
            spread(Math.min(word.to(), text.length()), word.end(), timed);
        }
        if (found) {
            int next = cursor;
            while (next < text.length() && !Character.isLetterOrDigit(text.codePointAt(next))) {
                next += Character.charCount(text.codePointAt(next));
            }
            spread(next, end, timed);
        }
        time = Math.max(time, end);
        return timed;
    }

    /** What is left when the speech is over: said at its end, in no time. */
    List<Timed> rest() {
        List<Timed> timed = new ArrayList<>();
        spread(text.length(), time, timed);
        return timed;
    }

    private void spread(int until, double end, List<Timed> timed) {
        if (cursor >= until) {
            time = Math.max(time, end);
            return;
        }
        int count = text.codePointCount(cursor, until);
        double start = time;
        double each = Math.max(0, end - start) / count;
        for (int i = 0; i < count; i++) {
            int width = Character.charCount(text.codePointAt(cursor));
            timed.add(
                    new Timed(
                            text.substring(cursor, cursor + width),
                            start + i * each,
                            start + (i + 1) * each));
            cursor += width;
        }
        time = Math.max(start, end);
    }
}
