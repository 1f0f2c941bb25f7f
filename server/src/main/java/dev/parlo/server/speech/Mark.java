package dev.parlo.server.speech;

import dev.parlo.engine.SpeechMark;
import java.util.List;

/** When a mark of the text is reached, in seconds from the start. */
record Mark(String name, double time) {
    static List<Mark> of(List<SpeechMark> marks) {
        return marks.stream()
                .map(mark -> new Mark(mark.name(), Math.round(mark.time() * 1000) / 1000.0))
                .toList();
    }
}
