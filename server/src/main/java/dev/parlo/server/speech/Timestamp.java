package dev.parlo.server.speech;

import dev.parlo.engine.SpokenWord;
import java.util.List;

/** When a word is spoken, in seconds from the start, in Kokoro-FastAPI's shape. */
record Timestamp(String word, double startTime, double endTime) {
    static List<Timestamp> of(List<SpokenWord> words) {
        return words.stream()
                .map(word -> new Timestamp(word.text(), round(word.start()), round(word.end())))
                .toList();
    }

    private static double round(double seconds) {
        return Math.round(seconds * 1000) / 1000.0;
    }
}
