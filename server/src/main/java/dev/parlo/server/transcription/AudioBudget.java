package dev.parlo.server.transcription;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineException.Category;
import dev.parlo.engine.audio.AudioProbe;
import dev.parlo.engine.audio.AudioSource;
import java.util.List;
import java.util.Locale;

/**
 * How much audio a request may have computed. The source itself keeps to the limit; parts of it
 * that are asked for again and again would not.
 *
 * @param seconds above 0; infinite for no limit
 */
record AudioBudget(double seconds) {
    /** A clip costs a window, however short it is. */
    private static final double LEAST = 1;

    /**
     * Checks the parts that a request asks for.
     *
     * @param clips pairs of start and end in seconds; without a last end the audio's is meant
     * @throws EngineException TOO_LARGE where they add up to more than the limit; as {@link
     *     AudioProbe#measure}, which runs only where the clips alone do not tell
     */
    void check(List<Double> clips, AudioSource source, Cancellation cancellation) {
        // A single part is no longer than the audio, which has its own limit.
        if (clips.size() <= 2 || sum(clips, Double.POSITIVE_INFINITY) <= seconds) {
            return;
        }
        double sum = sum(clips, AudioProbe.measure(source, cancellation).durationSeconds());
        if (sum > seconds) {
            throw new EngineException(
                    Category.TOO_LARGE,
                    String.format(
                            Locale.ROOT,
                            "The parts in clip_timestamps add up to %.0f s (each counts at least"
                                    + " %.0f s), and MAX_AUDIO_SECONDS allows %.0f. Ask for fewer or"
                                    + " shorter ones.",
                            sum,
                            LEAST,
                            seconds));
        }
    }

    /**
     * Checks audio of which every channel is computed by itself.
     *
     * @throws EngineException TOO_LARGE where all of them are longer than the limit; as {@link
     *     AudioProbe#measure}, which runs only where there is one
     */
    void checkTogether(int channels, AudioSource source, Cancellation cancellation) {
        if (Double.isInfinite(seconds)) {
            return;
        }
        double sum = channels * AudioProbe.measure(source, cancellation).durationSeconds();
        if (sum > seconds) {
            throw new EngineException(
                    Category.TOO_LARGE,
                    String.format(
                            Locale.ROOT,
                            "The %d channels have %.0f s together, and MAX_AUDIO_SECONDS allows"
                                    + " %.0f. Send a shorter recording.",
                            channels,
                            sum,
                            seconds));
        }
    }

    private static double sum(List<Double> clips, double duration) {
        double sum = 0;
        for (int i = 0; i < clips.size(); i += 2) {
            double end = i + 1 < clips.size() ? clips.get(i + 1) : duration;
            double length = Math.min(end, duration) - clips.get(i);
            if (length > 0) {
                sum += Math.max(LEAST, length);
            }
        }
        return sum;
    }
}
