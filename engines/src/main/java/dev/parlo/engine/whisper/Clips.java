package dev.parlo.engine.whisper;

import java.util.ArrayList;
import java.util.List;

/** The parts of the audio to transcribe, in mel frames. */
final class Clips {
    /**
     * One part.
     *
     * @param start first frame
     * @param end one after the last, not beyond the audio
     */
    record Clip(int start, int end) {}

    private Clips() {}

    /**
     * @param seconds pairs of start and end; without a last end the audio's is meant
     * @param contentFrames of the audio
     */
    static List<Clip> of(List<Double> seconds, int contentFrames) {
        List<Clip> clips = new ArrayList<>();
        for (int i = 0; i < Math.max(1, seconds.size()); i += 2) {
            int start = seconds.isEmpty() ? 0 : frame(seconds.get(i));
            int end = i + 1 < seconds.size() ? frame(seconds.get(i + 1)) : contentFrames;
            clips.add(new Clip(start, Math.min(end, contentFrames)));
        }
        return clips;
    }

    static int frame(double seconds) {
        return (int) Math.rint(seconds * 100); // half to even, as Python rounds
    }
}
