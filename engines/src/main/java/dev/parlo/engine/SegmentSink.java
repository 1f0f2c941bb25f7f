package dev.parlo.engine;

/**
 * Takes segments as they are decided, in order, on the thread that called {@code transcribe}. It
 * may block.
 */
public interface SegmentSink {
    void accept(Segment segment);

    /** Told after every window how far the work has come, in seconds of audio. */
    default void progress(double audioSeconds) {}
}
