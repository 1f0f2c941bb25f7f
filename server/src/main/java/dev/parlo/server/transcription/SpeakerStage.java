package dev.parlo.server.transcription;

import dev.parlo.engine.Segment;
import dev.parlo.engine.SegmentSink;
import dev.parlo.engine.audio.AudioSource;
import dev.parlo.engine.speaker.SpeakerSpans;

/** The stage that says who says it, of segments that have the file's times. */
record SpeakerStage(SpeakerSpans spans) implements SegmentStage {
    @Override
    public SegmentSink before(SegmentSink next, AudioSource audio) {
        return new SegmentSink() {
            @Override
            public void accept(Segment segment) {
                next.accept(spans.label(segment));
            }

            @Override
            public void progress(double audioSeconds) {
                next.progress(audioSeconds);
            }
        };
    }
}
