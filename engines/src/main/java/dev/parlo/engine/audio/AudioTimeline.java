package dev.parlo.engine.audio;

/**
 * Where the frames of a track belong, by the timestamps of its container: how much silence is
 * missing before a frame, or how much of it comes too late. Knows no FFmpeg. Not thread-safe.
 */
final class AudioTimeline {
    /**
     * Seconds. Less comes from codec priming, timestamps in whole milliseconds and clocks that are
     * not quite those of the samples. As {@code min_hard_comp} of libswresample.
     */
    private static final double TOLERANCE = 0.1;

    /** Seconds. A longer gap is a damaged timestamp. */
    private static final double LONGEST_GAP = 3600;

    /** Seconds; broadcasts splice programs of different clocks. As ffmpeg's dts_delta_threshold. */
    private static final double LONGEST_BROADCAST_GAP = 10;

    private final double longestGap;
    private double origin;
    private double expected;
    private boolean started;
    private boolean anchored;

    /**
     * @param start of the whole file in seconds; NaN where its first frame is the start
     * @param broadcast whether timestamps of this container may begin anew in its middle
     */
    AudioTimeline(double start, boolean broadcast) {
        longestGap = broadcast ? LONGEST_BROADCAST_GAP : LONGEST_GAP;
        origin = start;
        anchored = !Double.isNaN(start);
    }

    /** The next frame's timestamp says nothing about the one before it. */
    void restart() {
        started = false;
        anchored = false;
    }

    /**
     * Places a frame.
     *
     * @param timestamp seconds; NaN for none
     * @param seconds its length
     * @param position samples at {@link AudioSource#SAMPLE_RATE} before it
     * @return samples of silence to put before it, or, below 0, samples to leave out
     */
    long place(double timestamp, double seconds, double position) {
        if (Double.isNaN(timestamp)) {
            expected += seconds;
            return 0;
        }
        double now = position / AudioSource.SAMPLE_RATE;
        double jump = started ? timestamp - expected : timestamp - origin;
        double longest = started ? longestGap : LONGEST_GAP;
        // A jump back, other than a clock that slowly gains on the samples, is the beginning of
        // another recording: leaving out what overlaps would lose speech.
        if ((!started && !anchored) || jump < -TOLERANCE || jump > longest) {
            origin = timestamp - now;
        }
        started = true;
        expected = timestamp + seconds;
        // Against the position and not against the frame before: rounding cannot add up.
        double missing = timestamp - origin - now;
        return Math.abs(missing) <= TOLERANCE ? 0 : Math.round(missing * AudioSource.SAMPLE_RATE);
    }
}
