package dev.parlo.server.transcription;

import dev.parlo.engine.Segment;
import dev.parlo.engine.SegmentSink;
import dev.parlo.engine.audio.AudioSource;
import dev.parlo.engine.audio.TimeMap;
import java.util.List;

/** The stage that turns times of what the model heard into times of the file. */
final class FileTimes implements SegmentStage {
    @Override
    public SegmentSink before(SegmentSink next, AudioSource audio) {
        return new SegmentSink() {
            @Override
            public void accept(Segment segment) {
                next.accept(audio.times().inFile(segment));
            }

            @Override
            public void progress(double audioSeconds) {
                next.progress(audioSeconds);
            }
        };
    }

    /** Clips of the file as clips of its samples. */
    static List<Double> inSamples(List<Double> clips, TimeMap times) {
        return clips.stream().map(times::position).toList();
    }
}
