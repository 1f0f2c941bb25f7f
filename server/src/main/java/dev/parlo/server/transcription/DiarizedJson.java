package dev.parlo.server.transcription;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.parlo.engine.Segment;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

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

    /**
     * What one person says; the same in a stream of events.
     *
     * @param speaker null in a stream that does not tell speakers
     * @param words null where they were not asked for
     */
    record SpokenSegment(
            String type,
            String id,
            double start,
            double end,
            String text,
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String speaker,
            @JsonInclude(JsonInclude.Include.NON_NULL)
                    @Nullable List<TranscriptWriter.WordJson> words) {
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
                    lines.speaker(turn),
                    null);
        }

        /** Of one segment whoever speaks. */
        static SpokenSegment of(Segment segment, int number) {
            return new SpokenSegment(
                    "transcript.text.segment",
                    id(number),
                    TranscriptWriter.round(segment.start()),
                    TranscriptWriter.round(segment.end()),
                    segment.text().strip(),
                    null,
                    null);
        }

        /** The same with the words of its segment. */
        SpokenSegment withWords(Segment segment) {
            return new SpokenSegment(
                    type, id, start, end, text, speaker, TranscriptWriter.spoken(List.of(segment)));
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
