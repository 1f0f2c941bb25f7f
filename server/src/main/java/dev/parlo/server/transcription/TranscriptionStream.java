package dev.parlo.server.transcription;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.parlo.engine.Segment;
import dev.parlo.engine.SegmentSink;
import dev.parlo.server.http.SseWriter;
import dev.parlo.server.transcription.DiarizedJson.SpokenSegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Sends a transcript as OpenAI's events: a delta for each segment, then the whole. One thread. */
final class TranscriptionStream implements SegmentSink {
    private record Delta(
            String delta,
            String type,
            @Nullable List<TranscriptWriter.LogProbability> logprobs,
            @Nullable String segmentId) {}

    private record Done(
            String text,
            String type,
            @Nullable List<TranscriptWriter.LogProbability> logprobs,
            TranscriptWriter.@Nullable Usage usage,
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String audioTruncated) {}

    private final SseWriter events;
    private final boolean logProbabilities;
    private final SpokenLines lines;
    private final boolean lettered;
    private final boolean timed;
    private final boolean words;
    private int segments;
    private int turns;
    private final StringBuilder text = new StringBuilder();
    private final List<TranscriptWriter.LogProbability> all = new ArrayList<>();

    /**
     * @param writer of the format that was asked for, which says what is told of a segment
     */
    TranscriptionStream(SseWriter events, TranscriptWriter writer) {
        this.events = events;
        this.logProbabilities = writer.logProbabilities();
        this.lines = writer.lines();
        this.lettered = writer.format() == ResponseFormat.DIARIZED_JSON;
        this.timed = writer.format() == ResponseFormat.VERBOSE_JSON;
        this.words = writer.words();
    }

    @Override
    public void accept(Segment segment) {
        text.append(segment.text());
        List<TranscriptWriter.LogProbability> tokens = null;
        if (logProbabilities) {
            tokens = TranscriptWriter.logProbabilities(List.of(segment));
            all.addAll(tokens);
        }
        if (segment.speaker() == null && !lettered) {
            SpokenSegment said = timed ? SpokenSegment.of(segment, ++segments) : null;
            events.send(
                    new Delta(
                            segment.text(),
                            "transcript.text.delta",
                            tokens,
                            said == null ? null : said.id()));
            if (said != null) {
                events.send(words ? said.withWords(segment) : said);
            }
            return;
        }
        for (Segment turn : SpokenLines.turns(segment)) {
            SpokenSegment said = SpokenSegment.of(turn, ++turns, lines);
            lines.add(turn);
            events.send(new Delta(turn.text(), "transcript.text.delta", tokens, said.id()));
            events.send(timed && words ? said.withWords(turn) : said);
            tokens = null; // of the whole segment, told once
        }
    }

    /**
     * @param truncation why not all of the audio was read; null where it was
     */
    void done(@Nullable String truncation) {
        events.send(
                new Done(
                        turns > 0 ? lines.text() : text.toString().strip(),
                        "transcript.text.done",
                        logProbabilities ? all : null,
                        // Here OpenAI counts tokens, of which its audio models and Whisper have
                        // different ones; its clients refuse the seconds of the other answers.
                        null,
                        truncation));
    }
}
