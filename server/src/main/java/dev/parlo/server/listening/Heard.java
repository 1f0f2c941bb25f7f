package dev.parlo.server.listening;

import dev.parlo.engine.Segment;
import dev.parlo.engine.Transcript;
import java.util.List;

/**
 * What an engine heard in some audio.
 *
 * @param segments at seconds from the start of that audio
 */
record Heard(List<Segment> segments, Transcript transcript) {
    public Heard {
        segments = List.copyOf(segments);
    }

    String text() {
        StringBuilder text = new StringBuilder();
        segments.forEach(segment -> text.append(segment.text()));
        return text.toString();
    }
}
