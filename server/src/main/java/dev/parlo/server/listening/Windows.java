package dev.parlo.server.listening;

import dev.parlo.engine.Segment;
import dev.parlo.engine.audio.AudioSource;
import java.util.ArrayList;
import java.util.List;

/**
 * The part of a long turn that is still heard again with every hypothesis: it begins later when
 * what was said before is sure. Under the lock of the transcripts.
 */
final class Windows {
    /** A shorter one is heard whole: Whisper computes as much for it, and understands it better. */
    private static final long SHORTEST = 24L * AudioSource.SAMPLE_RATE;

    private Windows() {}

    /** Lets go of the segments of which every word was told, where the window is long. */
    static void shift(Turn turn, Heard heard, long from) {
        if (turn.heardUntil - from < SHORTEST) {
            return;
        }
        String text = heard.text();
        int told = turn.agreement.place(text);
        int words = 0;
        int settledWords = 0;
        List<Segment> settled = new ArrayList<>();
        for (Segment segment : heard.segments().subList(0, heard.segments().size() - 1)) {
            words += Agreement.count(segment.text());
            if (words > told) {
                break;
            }
            settledWords = words;
            settled.add(segment);
        }
        if (settled.isEmpty()) {
            return;
        }
        settled.forEach(segment -> turn.settled.add(segment.later(seconds(from))));
        turn.agreement.shift(text, settledWords);
        turn.windowStart =
                Math.min(
                        turn.heardUntil,
                        from + Math.round(settled.getLast().end() * AudioSource.SAMPLE_RATE));
    }

    /** The transcript of a turn whose last window was heard. */
    static TurnTranscript whole(Turn turn, Heard last, long from) {
        Agreement.Whole whole = turn.agreement.finish(last.text());
        List<Segment> segments = new ArrayList<>(turn.settled);
        last.segments().forEach(segment -> segments.add(segment.later(seconds(from))));
        List<Segment> numbered = new ArrayList<>();
        for (Segment segment : segments) {
            numbered.add(segment.withId(numbered.size() + 1));
        }
        return new TurnTranscript(
                whole.text(),
                whole.rest(),
                numbered,
                last.transcript().language(),
                last.transcript().languageProbability(),
                seconds(turn.end() - turn.start()));
    }

    private static double seconds(long samples) {
        return (double) samples / AudioSource.SAMPLE_RATE;
    }
}
