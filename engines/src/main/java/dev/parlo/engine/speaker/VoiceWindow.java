package dev.parlo.engine.speaker;

/**
 * A window of audio as embedding networks hear it: its samples, and its mel energies without their
 * mean. Features of the whole recording are computed once, since frames of one window are those of
 * the next that begin a second earlier. Not thread-safe.
 */
final class VoiceWindow {
    /** Frames of features in a window: the last begins within it and ends within it. */
    static final int FRAMES = KaldiFbank.frames(SlidingWindows.WINDOW);

    /** Frames from one window to the next. */
    private static final int STEP = SlidingWindows.STEP / KaldiFbank.HOP;

    private final KaldiFbank fbank;
    private final float[] features = new float[FRAMES * KaldiFbank.BINS];
    private float[] samples = new float[0];
    private float[] centred = new float[0];
    private boolean filled;

    VoiceWindow(KaldiFbank fbank) {
        this.fbank = fbank;
    }

    /** Goes on by one step; the first time to the first window. */
    void move(float[] window) {
        samples = window;
        int from = 0;
        if (filled) {
            from = FRAMES - STEP;
            System.arraycopy(features, STEP * KaldiFbank.BINS, features, 0, from * KaldiFbank.BINS);
        }
        fbank.features(window, from, FRAMES - from, features, from);
        filled = true;
        centred = new float[0];
    }

    /** The samples, of which {@link SlidingWindows#WINDOW} count. */
    float[] samples() {
        return samples;
    }

    /** [{@link #FRAMES}][80], each bin without its mean over the window. */
    float[] features() {
        if (centred.length == 0) {
            centred = features.clone();
            KaldiFbank.subtractMean(centred);
        }
        return centred;
    }
}
