package dev.parlo.engine.vad;

import dev.parlo.engine.Segment;
import dev.parlo.engine.Word;
import dev.parlo.engine.audio.AudioSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Times of audio by times of its speech alone, one stretch after another, as faster-whisper's
 * {@code SpeechTimestampsMap} tells them: to a hundredth of a second, and a word belongs to the
 * stretch that its middle is in. It grows while the speech is read. Thread-safe.
 */
public final class SpeechTimes {
    private static final int FIRST_ROOM = 64;
    private static final double FRAMES_PER_SECOND = 100;

    /** Samples of speech up to the end of each stretch. */
    private long[] ends = new long[FIRST_ROOM];

    /** Samples of the audio that are left out before each stretch. */
    private long[] leftOut = new long[FIRST_ROOM];

    private int count;
    private long lastEnd;
    private long length = -1;

    SpeechTimes() {}

    /** Takes the next stretch; one that is known already is nothing new. */
    synchronized void add(SpeechSpan span) {
        if (count > 0 && span.start() < lastEnd) {
            return;
        }
        if (count == ends.length) {
            ends = Arrays.copyOf(ends, 2 * count);
            leftOut = Arrays.copyOf(leftOut, 2 * count);
        }
        leftOut[count] = span.start() - (count == 0 ? 0 : ends[count - 1]);
        ends[count] = span.end() - leftOut[count];
        lastEnd = span.end();
        count++;
    }

    /** Takes the length of the whole audio in samples. */
    synchronized void end(long samples) {
        length = samples;
    }

    /**
     * {@return how long the audio is, in seconds}
     *
     * @param heard seconds of its speech that were heard
     */
    public synchronized double duration(double heard) {
        if (length >= 0) {
            return seconds(length);
        }
        return count == 0 ? heard : seconds(leftOut[count - 1]) + heard;
    }

    /**
     * {@return when something is, in seconds of the audio}
     *
     * @param time seconds of the speech at which it was heard
     */
    public synchronized double start(double time) {
        return count == 0 ? time : original(time, index(time));
    }

    /**
     * {@return the same segment at times of the audio, with its words}
     *
     * @param segment at times of the speech
     */
    public synchronized Segment inAudio(Segment segment) {
        if (count == 0) {
            return segment;
        }
        List<Word> words = inAudio(segment.words());
        double start = start(segment.start());
        double end = original(segment.end(), indexOfEnd(segment.end()));
        if (words != null && !words.isEmpty()) {
            start = words.getFirst().start();
            end = words.getLast().end();
        }
        // A window that begins within a frame is of the stretch that the frame ends in.
        double seek = segment.seek() / FRAMES_PER_SECOND;
        double moved = original(seek, index(seek + 1 / FRAMES_PER_SECOND));
        return segment.withTimes(
                (int) Math.round(moved * FRAMES_PER_SECOND), start, Math.max(start, end), words);
    }

    private @Nullable List<Word> inAudio(@Nullable List<Word> words) {
        if (words == null) {
            return null;
        }
        List<Word> moved = new ArrayList<>(words.size());
        for (Word word : words) {
            int index = index((word.start() + word.end()) / 2);
            moved.add(word.withTimes(original(word.start(), index), original(word.end(), index)));
        }
        return moved;
    }

    private double original(double time, int index) {
        return Math.rint((seconds(leftOut[index]) + time) * 100) / 100;
    }

    /** The stretch that a time is in; at the end of one it is in the next. */
    private int index(double time) {
        int at = Arrays.binarySearch(ends, 0, count, sample(time));
        // A stretch may be empty, so that several have the same end.
        while (at >= 0 && at + 1 < count && ends[at + 1] == ends[at]) {
            at++;
        }
        return Math.min(at >= 0 ? at + 1 : -at - 1, count - 1);
    }

    private int indexOfEnd(double time) {
        int at = Arrays.binarySearch(ends, 0, count, sample(time));
        while (at > 0 && ends[at - 1] == ends[at]) {
            at--;
        }
        return at >= 0 ? at : Math.min(-at - 1, count - 1);
    }

    private static long sample(double time) {
        return (long) (time * AudioSource.SAMPLE_RATE);
    }

    private static double seconds(long samples) {
        return (double) samples / AudioSource.SAMPLE_RATE;
    }
}
