package dev.parlo.server.listening;

import dev.parlo.engine.Segment;
import java.util.List;

/**
 * What was said in a turn.
 *
 * @param text all of it; it begins with what partial texts told, unless the whole audio made words
 *     be understood otherwise
 * @param rest what partial texts had not told of it
 * @param segments at seconds from the start of the stream
 * @param language ISO code
 * @param languageProbability 1 when it was given or the model knows only one
 * @param seconds of audio
 */
public record TurnTranscript(
        String text,
        String rest,
        List<Segment> segments,
        String language,
        double languageProbability,
        double seconds) {
    public TurnTranscript {
        segments = List.copyOf(segments);
    }
}
