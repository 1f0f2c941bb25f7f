package dev.parlo.server.transcription;

import dev.parlo.engine.Segment;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The transcript by speakers, as OpenAI's API answers it.
 *
 * @param task {@code transcribe} or {@code translate}
 * @param duration seconds of the audio
 * @param text lines of {@code Name: what is said}
 */
record DiarizedJson(
        String task,
        double duration,
        String text,
        List<SpokenSegment> segments,
        TranscriptWriter.Usage usage) {

    /** What one person says; the same in a stream of events. */
    record SpokenSegment(
            String type, String id, double start, double end, String text, String speaker) {
        /**
         * @param number from 1
         */
        static SpokenSegment of(Segment turn, int number, SpokenLines lines) {
            return new SpokenSegment(
                    "transcript.text.segment",
                    id(number),
                    TranscriptWriter.round(turn.start()),
                    TranscriptWriter.round(turn.end()),
                    turn.text().strip(),
                    lines.speaker(turn));
        }

        static String id(int number) {
            return String.format(Locale.ROOT, "seg_%03d", number);
        }
    }

    static DiarizedJson of(String task, double duration, List<Segment> segments) {
        SpokenLines lines = SpokenLines.lettered();
        List<SpokenSegment> spoken = new ArrayList<>();
        for (Segment turn : SpokenLines.turns(segments)) {
            lines.add(turn);
            spoken.add(SpokenSegment.of(turn, spoken.size() + 1, lines));
        }
        return new DiarizedJson(
                task,
                TranscriptWriter.round(duration),
                lines.text(),
                spoken,
                TranscriptWriter.Usage.of(duration));
    }
}
