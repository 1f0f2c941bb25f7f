package dev.parlo.engine.speaker;

import org.jspecify.annotations.Nullable;

/**
 * What was found in one window of ten seconds: who speaks in each frame, among three whose numbers
 * mean something in this window only, and what their voices are like.
 *
 * @param classes of each of the {@link #FRAMES} frames: the set of those who speak
 * @param voices an embedding of each of the three; null where there is too little to hear
 */
record WindowTracks(byte[] classes, float[] @Nullable [] voices) {
    /** Frames of a window. */
    static final int FRAMES = 589;

    /** Seconds from one frame to the next: 270 samples. */
    static final double HOP = 270 / 16_000.0;

    /** Seconds at which the middle of the first frame is: half of 991 samples. */
    static final double MIDDLE = 991 / 2.0 / 16_000;

    /** Those who can be told apart in a window. */
    static final int LOCAL = 3;

    /**
     * The sets of at most two of three, by size and then in order, as the network numbers them: bit
     * k stands for the k-th.
     */
    private static final int[] SETS = {0b000, 0b001, 0b010, 0b100, 0b011, 0b101, 0b110};

    static final int CLASSES = SETS.length;

    /** Whether one of the three speaks in a frame. */
    boolean speaks(int frame, int local) {
        return (SETS[classes[frame]] >> local & 1) == 1;
    }

    /** How many speak in a frame. */
    int speaking(int frame) {
        return Integer.bitCount(SETS[classes[frame]]);
    }

    /** Frames in which one of the three speaks. */
    int active(int local) {
        int active = 0;
        for (int f = 0; f < FRAMES; f++) {
            active += SETS[classes[f]] >> local & 1;
        }
        return active;
    }

    /** Frames in which no other speaker does. */
    int alone(int local) {
        int alone = 0;
        for (int f = 0; f < FRAMES; f++) {
            alone += SETS[classes[f]] == 1 << local ? 1 : 0;
        }
        return alone;
    }

    /** The frames by which to tell a voice: without others' where there are enough of those. */
    boolean[] heard(int local) {
        boolean clean = alone(local) > CLEAN_FRAMES;
        boolean[] heard = new boolean[FRAMES];
        for (int f = 0; f < FRAMES; f++) {
            heard[f] = clean ? SETS[classes[f]] == 1 << local : speaks(f, local);
        }
        return heard;
    }

    /** The frames of the shortest audio that a network embeds, 1680 samples. */
    private static final int CLEAN_FRAMES = 7;

    /** The frame of the whole timeline at which the window of a second begins. */
    static int start(int second) {
        return (int) Math.rint(second / HOP);
    }

    /** The middle of a frame of the timeline, in seconds. */
    static double time(int frame) {
        return frame * HOP + MIDDLE;
    }
}
