package dev.parlo.engine.audio;

import dev.parlo.engine.Segment;
import dev.parlo.engine.Word;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Times of a file by times of the samples read from it. They differ where a stretch of the file has
 * no audio: it is left out of the samples except for a short pause, because a model that hears long
 * silence writes down little of what follows it. Immutable.
 *
 * @param gaps in order
 */
public record TimeMap(List<Gap> gaps) {
    /** Samples and file have the same times. */
    public static final TimeMap NONE = new TimeMap(List.of());

    /** Seconds by which a model may be wrong about the side of a gap on which something begins. */
    private static final double SLACK = 1;

    /** Mel frames, in which a segment's seek is counted. */
    private static final int FRAMES_PER_SECOND = 100;

    /**
     * A stretch without audio.
     *
     * @param at seconds of samples before its pause
     * @param pause seconds of it that are among the samples
     * @param leftOut seconds of it that are not
     */
    public record Gap(double at, double pause, double leftOut) {}

    /**
     * From one time to another.
     *
     * @param start seconds
     * @param end seconds, not before {@code start}
     */
    public record Span(double start, double end) {}

    /** Copies the gaps. */
    public TimeMap {
        gaps = List.copyOf(gaps);
    }

    /** A map with one more gap, which continues the last one where nothing is between them. */
    TimeMap with(Gap gap) {
        List<Gap> all = new ArrayList<>(gaps);
        if (!all.isEmpty()) {
            Gap last = all.getLast();
            if (last.at() + last.pause() >= gap.at() - 1e-9) {
                all.set(
                        all.size() - 1,
                        new Gap(
                                last.at(),
                                gap.at() + gap.pause() - last.at(),
                                last.leftOut() + gap.leftOut()));
                return new TimeMap(all);
            }
        }
        all.add(gap);
        return new TimeMap(all);
    }

    /** {@return seconds that are left out in all} */
    public double leftOut() {
        return gaps.stream().mapToDouble(Gap::leftOut).sum();
    }

    /**
     * {@return when something is heard, in seconds of the file}
     *
     * @param time seconds of the samples at which it begins
     */
    public double start(double time) {
        double moved = time;
        for (Gap gap : gaps) {
            if (gap.at() > time) {
                break;
            }
            moved += gap.leftOut();
        }
        return moved;
    }

    /**
     * {@return when something is over, in seconds of the file}
     *
     * @param time seconds of the samples at which it ends
     */
    public double end(double time) {
        double moved = time;
        for (Gap gap : gaps) {
            if (gap.at() + gap.pause() >= time) {
                break;
            }
            moved += gap.leftOut();
        }
        return moved;
    }

    /**
     * {@return the whole file's length in seconds}
     *
     * @param seconds of all samples
     */
    public double duration(double seconds) {
        return start(seconds);
    }

    /**
     * {@return something of the samples at its times in the file} What reaches only a little over a
     * gap is on one side of it: there is nothing to hear inside.
     *
     * @param start seconds of the samples
     * @param end seconds of the samples, not before {@code start}
     */
    public Span span(double start, double end) {
        double from = start;
        double to = end;
        for (Gap gap : gaps) {
            double resumes = gap.at() + gap.pause();
            double before = gap.at() - from;
            double after = to - resumes;
            if (before > 0 && after > 0) {
                if (before <= SLACK && before < after) {
                    from = gap.at();
                } else if (after <= SLACK) {
                    to = resumes;
                }
            }
        }
        double moved = start(from);
        return new Span(moved, Math.max(moved, end(to)));
    }

    /**
     * {@return the time of the samples, in seconds, at which a time of the file is}
     *
     * @param time seconds of the file; within a gap the end of its pause is answered
     */
    public double position(double time) {
        double moved = 0;
        for (Gap gap : gaps) {
            double begins = gap.at() + moved;
            if (time <= begins + gap.pause()) {
                break;
            }
            if (time < begins + gap.pause() + gap.leftOut()) {
                return gap.at() + gap.pause();
            }
            moved += gap.leftOut();
        }
        return time - moved;
    }

    /**
     * {@return a segment at times of the file, with its words}
     *
     * @param segment at times of the samples
     */
    public Segment inFile(Segment segment) {
        if (gaps.isEmpty()) {
            return segment;
        }
        Span span = span(segment.start(), segment.end());
        List<Word> words = inFile(segment.words());
        if (words != null && !words.isEmpty()) {
            // Words know better than the segment on which side of a gap they are.
            double start = words.getFirst().start();
            span = new Span(start, Math.max(start, words.getLast().end()));
        }
        double seek = start((double) segment.seek() / FRAMES_PER_SECOND);
        return segment.withTimes(
                (int) Math.round(seek * FRAMES_PER_SECOND), span.start(), span.end(), words);
    }

    private @Nullable List<Word> inFile(@Nullable List<Word> words) {
        if (words == null) {
            return null;
        }
        List<Word> moved = new ArrayList<>(words.size());
        for (Word word : words) {
            Span span = span(word.start(), word.end());
            moved.add(word.withTimes(span.start(), span.end()));
        }
        return moved;
    }
}
