package dev.parlo.engine;

/**
 * Takes segments as they are decided, in order, on the thread that called {@code transcribe}. It
 * may block.
 */
public interface SegmentSink {
    /**
     * Takes the next segment.
     *
     * @param segment decided, and not changed later
     */
    void accept(Segment segment);

    /**
     * Told after every window how far the work has come.
     *
     * @param audioSeconds of the audio that are done
     */
    default void progress(double audioSeconds) {}
}
