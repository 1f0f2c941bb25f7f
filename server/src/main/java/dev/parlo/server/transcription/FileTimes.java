package dev.parlo.server.transcription;

import dev.parlo.engine.Segment;
import dev.parlo.engine.SegmentSink;
import dev.parlo.engine.Word;
import dev.parlo.engine.audio.AudioSource;
import dev.parlo.engine.audio.TimeMap;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The stage that turns times of what the model heard into times of the file. */
final class FileTimes implements SegmentStage {
    private static final int FRAMES_PER_SECOND = 100;

    @Override
    public SegmentSink before(SegmentSink next, AudioSource audio) {
        return new SegmentSink() {
            @Override
            public void accept(Segment segment) {
                next.accept(inFile(segment, audio.times()));
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

    static Segment inFile(Segment segment, TimeMap times) {
        if (times.gaps().isEmpty()) {
            return segment;
        }
        TimeMap.Span span = times.span(segment.start(), segment.end());
        List<Word> words = inFile(segment.words(), times);
        if (words != null && !words.isEmpty()) {
            // Words know better than the segment on which side of a gap they are.
            double start = words.getFirst().start();
            span = new TimeMap.Span(start, Math.max(start, words.getLast().end()));
        }
        double seek = times.start((double) segment.seek() / FRAMES_PER_SECOND);
        return segment.withTimes(
                (int) Math.round(seek * FRAMES_PER_SECOND), span.start(), span.end(), words);
    }

    private static @Nullable List<Word> inFile(@Nullable List<Word> words, TimeMap times) {
        if (words == null) {
            return null;
        }
        List<Word> moved = new ArrayList<>(words.size());
        for (Word word : words) {
            TimeMap.Span span = times.span(word.start(), word.end());
            moved.add(word.withTimes(span.start(), span.end()));
        }
        return moved;
    }
}
