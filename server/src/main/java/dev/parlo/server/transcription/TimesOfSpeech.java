package dev.parlo.server.transcription;

import dev.parlo.engine.Segment;
import dev.parlo.engine.SegmentSink;
import dev.parlo.engine.audio.AudioSource;
import dev.parlo.engine.vad.SpeechTimes;

/** The stage that turns times of the speech alone into times of the audio it is in. */
record TimesOfSpeech(SpeechTimes times) implements SegmentStage {
    @Override
    public SegmentSink before(SegmentSink next, AudioSource audio) {
        return new SegmentSink() {
            @Override
            public void accept(Segment segment) {
                next.accept(times.inAudio(segment));
            }

            @Override
            public void progress(double audioSeconds) {
                next.progress(times.start(audioSeconds));
            }
        };
    }
}
