package dev.parlo.engine.whisper;

import dev.parlo.engine.Segment;
import dev.parlo.engine.SegmentSink;
import java.util.function.Consumer;

/** Hands the segments of chunks on, numbered from 1. Used by one thread at a time. */
final class AnswerTeller implements Consumer<ChunkTranscriber.Answer> {
    private final SegmentSink sink;
    private int told;

    AnswerTeller(SegmentSink sink) {
        this.sink = sink;
    }

    @Override
    public void accept(ChunkTranscriber.Answer answer) {
        for (Segment segment : answer.segments()) {
            told++;
            sink.accept(segment.withId(told));
        }
        sink.progress(answer.chunk().endSeconds());
    }
}
