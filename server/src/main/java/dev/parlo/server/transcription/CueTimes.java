package dev.parlo.server.transcription;

import java.util.ArrayList;
import java.util.List;

/** Gives cues times that players accept: within the audio, one after the other, none of no time. */
final class CueTimes {
    /** Milliseconds that a cue is given which has none of its own: a picture of a film. */
    private static final long SHORTEST = 40;

    private CueTimes() {}

    /**
     * @param audioSeconds that no cue may pass; infinite for no limit
     * @return the same texts, times in whole milliseconds
     */
    static List<Cue> fit(List<Cue> cues, double audioSeconds) {
        int n = cues.size();
        long[] starts = new long[n];
        long[] ends = new long[n];
        // Of n cues each must have a millisecond at least.
        long audio = Math.max(n, (long) Math.floor(Math.min(audioSeconds * 1000, 1e15)));
        for (int i = 0; i < n; i++) {
            starts[i] = Math.max(millis(cues.get(i).start()), i == 0 ? 0 : starts[i - 1]);
            ends[i] = millis(cues.get(i).end());
            if (i > 0 && starts[i] > starts[i - 1]) {
                ends[i - 1] = Math.min(ends[i - 1], starts[i]);
            }
        }
        // Forward: what has no time gets some, and those after it begin later.
        for (int i = 0; i < n; i++) {
            starts[i] = Math.max(starts[i], i == 0 ? 0 : ends[i - 1]);
            if (ends[i] <= starts[i]) {
                ends[i] = starts[i] + SHORTEST;
            }
        }
        // Backward: what was pushed out of the audio is taken from the cues before.
        long limit = audio;
        for (int i = n - 1; i >= 0; i--) {
            ends[i] = Math.min(ends[i], limit);
            if (starts[i] >= ends[i]) {
                starts[i] = Math.max(i, ends[i] - SHORTEST);
            }
            limit = starts[i];
        }
        List<Cue> fitted = new ArrayList<>(n);
        for (int i = 0; i < n; i++) {
            fitted.add(new Cue(starts[i] / 1000.0, ends[i] / 1000.0, cues.get(i).text()));
        }
        return fitted;
    }

    private static long millis(double seconds) {
        return Math.round(Math.max(0, seconds) * 1000);
    }
}
