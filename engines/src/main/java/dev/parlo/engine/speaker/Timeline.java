package dev.parlo.engine.speaker;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Puts the windows of a recording together: in each frame as many speak as its windows say on
 * average, and those speak whom most of them name. Goes through the recording once and holds the
 * state of one frame. Not thread-safe.
 */
final class Timeline {
    private final List<WindowTracks> windows;
    private final int[][] voices;
    private final int count;
    private final double duration;
    private final double[] since;
    private final List<SpeakerTurn> turns = new ArrayList<>();

    private Timeline(List<WindowTracks> windows, int[][] voices, int count, double duration) {
        this.windows = windows;
        this.voices = voices;
        this.count = count;
        this.duration = duration;
        this.since = new double[count];
        Arrays.fill(since, Double.NaN);
    }

    /**
     * The turns of everybody, by their starts.
     *
     * @param windows one a second
     * @param voices of each window's three, as {@link TrackAssignment} tells them
     * @param count voices that there are
     * @param atOnce at most so many speak at the same time
     * @param duration seconds that no turn passes
     */
    static List<SpeakerTurn> turns(
            List<WindowTracks> windows, int[][] voices, int count, int atOnce, double duration) {
        return new Timeline(windows, voices, count, duration).build(Math.min(atOnce, count));
    }

    private List<SpeakerTurn> build(int atOnce) {
        // As pyannote counts them; the last frame stands for the end.
        int frames = WindowTracks.start(10 + windows.size() - 1) + 1;
        double[] activity = new double[count];
        int first = 0;
        for (int t = 0; t < frames; t++) {
            while (first < windows.size() && WindowTracks.start(first) + WindowTracks.FRAMES <= t) {
                first++;
            }
            Arrays.fill(activity, 0);
            int covering = 0;
            int speaking = 0;
            for (int c = first; c < windows.size() && WindowTracks.start(c) <= t; c++) {
                int frame = t - WindowTracks.start(c);
                covering++;
                speaking += windows.get(c).speaking(frame);
                add(windows.get(c), voices[c], frame, activity);
            }
            // Half-even, as numpy rounds.
            int wanted = covering == 0 ? 0 : (int) Math.rint((double) speaking / covering);
            frame(t, activity, Math.min(wanted, atOnce));
        }
        frame(frames - 1, activity, 0);
        turns.sort(
                Comparator.comparingDouble(SpeakerTurn::start)
                        .thenComparingDouble(SpeakerTurn::end));
        return turns;
    }

    /** A voice that two of a window's three were taken for counts once. */
    private static void add(WindowTracks window, int[] voices, int frame, double[] activity) {
        int counted = 0;
        for (int k = 0; k < voices.length; k++) {
            int voice = voices[k];
            boolean again = false;
            for (int earlier = 0; earlier < k; earlier++) {
                again |= voices[earlier] == voice && (counted >> earlier & 1) == 1;
            }
            if (voice >= 0 && window.speaks(frame, k) && !again) {
                activity[voice]++;
                counted |= 1 << k;
            }
        }
    }

    /** Has the most active voices speak in a frame; of equals the first. */
    private void frame(int t, double[] activity, int speaking) {
        boolean[] on = new boolean[count];
        for (int n = 0; n < speaking; n++) {
            int best = -1;
            for (int v = 0; v < count; v++) {
                if (!on[v] && (best < 0 || activity[v] > activity[best])) {
                    best = v;
                }
            }
            on[best] = true;
        }
        double time = Math.min(WindowTracks.time(t), duration);
        for (int v = 0; v < count; v++) {
            if (on[v] && Double.isNaN(since[v])) {
                since[v] = time;
            } else if (!on[v] && !Double.isNaN(since[v])) {
                if (time > since[v]) { // else it lies behind the end, in the silence added there
                    turns.add(new SpeakerTurn(since[v], time, v));
                }
                since[v] = Double.NaN;
            }
        }
    }
}
