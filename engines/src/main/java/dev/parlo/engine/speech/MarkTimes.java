package dev.parlo.engine.speech;

import dev.parlo.engine.SpeechMark;
import dev.parlo.engine.text.TextMark;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * When the marks of a script are reached: with the word that follows them, behind the word that
 * they touch, within a word or an item by the letters before them, and at the beginning of a
 * silence that follows. Told of the speech in its order; used by one thread.
 */
final class MarkTimes {
    private final Deque<TextMark> left;
    private List<SpeechMark> reached = new ArrayList<>();
    private int silences;

    /** The latest time that a mark had, since times never go back. */
    private double latest;

    MarkTimes(List<TextMark> marks) {
        this.left = new ArrayDeque<>(marks);
    }

    /** A silence begins. */
    void silence(double seconds) {
        while (!left.isEmpty() && left.element().silences() <= silences) {
            reach(seconds);
        }
        silences++;
    }

    /** A part of the source is spoken between two seconds. */
    void spoken(int from, int to, double start, double end) {
        while (!left.isEmpty()
                && left.element().silences() <= silences
                && left.element().at() <= to) {
            int at = left.element().at();
            boolean before = at <= from || to <= from;
            reach(before ? start : start + (end - start) * (at - from) / (to - from));
        }
    }

    /** The speech is over. */
    void end(double seconds) {
        while (!left.isEmpty()) {
            reach(seconds);
        }
    }

    private void reach(double seconds) {
        latest = Math.max(latest, seconds);
        reached.add(new SpeechMark(left.remove().name(), latest));
    }

    /** Those that were reached since this was asked last. */
    List<SpeechMark> reached() {
        List<SpeechMark> now = reached;
        reached = new ArrayList<>();
        return now;
    }
}
